// Votes that widgets have stored in this browser.

/** Every vote of a study, as JSON Lines; empty where the browser keeps none. */
export async function storedVotes(study) {
  const votes = await all().catch(() => []);
  return asLines(votes.filter((vote) => vote.study === study));
}

/** Vote records as JSON Lines. */
export function asLines(votes) {
  return votes.map((vote) => `${JSON.stringify(vote)}\n`).join("");
}

function all() {
  return new Promise((resolve, reject) => {
    const open = indexedDB.open("k-sort");
    // There is no database yet, and making an empty one would shut the widget out of it.
    open.onupgradeneeded = () => open.transaction.abort();
    open.onerror = () => reject(open.error);
    open.onsuccess = () => {
      const database = open.result;
      const read = database.transaction("votes").objectStore("votes").getAll();
      read.onerror = () => reject(read.error);
      read.onsuccess = () => {
        database.close();
        resolve(read.result);
      };
    };
  });
}
