// What the page of one file holds of a study, as if it lay beside the page.
//
//   <script type="application/json" id="k-sort-study">the study file</script>
//   <script type="text/plain" data-media="cat-1/sdxl.png" data-type="image/png">Base64</script>

/** Where the standalone page looks for its study. */
const STUDY = new URL("study/study.json", document.baseURI).href;

const study = document.getElementById("k-sort-study");
const media = new Map([...document.querySelectorAll("[data-media]")].map((element) => [new URL(element.dataset.media, STUDY).href, element]));

// They name models, which the page must not tell.
for (const element of [study, ...media.values()]) element?.remove();

/** Whether there is a study in the page. */
export const holdsStudy = study !== null;

/** Finds the page's study and media first. @type {typeof globalThis.fetch} */
async function fetchBeside(input, how) {
  const url = input.url ?? String(input);
  if (url === STUDY && study) return answer(study.textContent, "application/json");
  const medium = media.get(url);
  if (medium) return answer(Uint8Array.from(atob(medium.textContent), (byte) => byte.charCodeAt(0)), medium.dataset.type);
  return globalThis.fetch(input, how);
}

function answer(body, type) {
  return new Response(body, { headers: { "content-type": type } });
}

// Takes the place of the global one in every script of the bundle.
export { fetchBeside as fetch };
