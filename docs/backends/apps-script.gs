// Votes from K-Sort into the sheet "votes" of this spreadsheet: id, when it arrived, record. Each id is stored once.
//
// Extensions > Apps Script, paste, Deploy > New deployment > Web app, execute as "Me", access "Anyone". The URL that ends in
// /exec goes into the study file. Nothing can be read through it.

var SHEET = 'votes';
var LONGEST_CELL = 50000;
var MOST_VOTES = 1000;

function doPost(e) {
  var records;
  try {
    records = JSON.parse(e.postData.contents);
  } catch (error) {
    return receipt({ error: 'the body is no JSON' });
  }
  if (!Array.isArray(records) || records.length > MOST_VOTES) return receipt({ error: 'expected a list of at most 1000 votes' });

  // Two requests at once must not both find that an id is new.
  var lock = LockService.getScriptLock();
  lock.waitLock(30000);
  try {
    return receipt(store(records));
  } finally {
    lock.releaseLock();
  }
}

function store(records) {
  var sheet = openSheet();
  var known = knownIds(sheet);
  var told = { stored: [], duplicate: [], rejected: [] };
  var rows = [];
  var now = new Date().toISOString();
  records.forEach(function (record) {
    var id = record && typeof record.id === 'string' ? record.id : '';
    var text = JSON.stringify(record);
    var problem = unsound(id, record, text);
    if (problem) {
      told.rejected.push({ id: id, reason: problem });
    } else if (known[id]) {
      told.duplicate.push(id);
    } else {
      known[id] = true;
      rows.push([id, now, text]);
      told.stored.push(id);
    }
  });
  if (rows.length > 0) {
    sheet.getRange(sheet.getLastRow() + 1, 1, rows.length, 3).setValues(rows);
    // Written before the votes are acknowledged, as the rater's browser forgets them then.
    SpreadsheetApp.flush();
  }
  return told;
}

function unsound(id, record, text) {
  // Other ids could be taken for a formula, a number or a date by the sheet.
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return 'id: expected a UUID';
  if (record.weight !== undefined && record.weight !== null) return 'weight: a vote counts once';
  if (text.length > LONGEST_CELL) return 'the record is longer than a cell of a sheet can be';
  return '';
}

function openSheet() {
  var book = SpreadsheetApp.getActiveSpreadsheet();
  var sheet = book.getSheetByName(SHEET) || book.insertSheet(SHEET);
  if (sheet.getLastRow() === 0) {
    // As plain text, so that no cell is taken for a number or a formula.
    sheet.getRange('A:C').setNumberFormat('@');
    sheet.getRange(1, 1, 1, 3).setValues([['id', 'received', 'record']]);
  }
  return sheet;
}

function knownIds(sheet) {
  var known = Object.create(null);
  var rows = sheet.getLastRow() - 1;
  if (rows > 0) {
    sheet.getRange(2, 1, rows, 1).getValues().forEach(function (row) {
      known[row[0]] = true;
    });
  }
  return known;
}

function receipt(told) {
  return ContentService.createTextOutput(JSON.stringify(told)).setMimeType(ContentService.MimeType.JSON);
}
