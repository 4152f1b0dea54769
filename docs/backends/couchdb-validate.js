function (newDoc, oldDoc, userCtx, secObj) {
  // For `validate_doc_update` of a design document: whoever is no administrator may add sound votes, and change or remove none.
  if (userCtx.roles.indexOf('_admin') !== -1) return;
  function refuse(reason) {
    throw { forbidden: reason };
  }
  function own(doc) {
    var keys = Object.keys(doc).filter(function (key) { return key.charAt(0) !== '_'; });
    return JSON.stringify(keys.sort().map(function (key) { return [key, doc[key]]; }));
  }
  function isText(value) {
    return typeof value === 'string' && value.length > 0 && value.length <= 200;
  }
  if (newDoc._deleted) refuse('votes are never removed');
  // The same vote once more is no change; the database then answers that it is there.
  if (oldDoc && own(oldDoc) !== own(newDoc)) refuse('votes never change');
  if (newDoc._attachments) refuse('a vote has no attachments');
  if (!isText(newDoc.id) || newDoc.id !== newDoc._id) refuse('id: expected a text that is the id of the document');
  if (!isText(newDoc.study)) refuse('study: expected a text');
  if (newDoc.weight !== undefined && newDoc.weight !== null) refuse('weight: a vote counts once');
  if (JSON.stringify(newDoc).length > 65536) refuse('the record is longer than 65536 characters');
  var ranking = newDoc.ranking;
  if ((newDoc.outcome || 'ranked') !== 'ranked') {
    if (ranking !== undefined && ranking !== null) refuse('ranking: there is one only where the outcome is ranked');
    return;
  }
  if (!Array.isArray(ranking) || ranking.length === 0) refuse('ranking: expected a list of lists of models');
  var seen = Object.create(null);
  ranking.forEach(function (tied) {
    if (!Array.isArray(tied) || tied.length === 0) refuse('ranking: expected a list of lists of models');
    tied.forEach(function (model) {
      if (!isText(model)) refuse('ranking: expected ids of models');
      if (seen[model]) refuse('ranking: a model is there twice');
      seen[model] = true;
    });
  });
}
