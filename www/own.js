// Fetches the widget's own files.

/**
 * Fetches a file of the widget.
 *
 * @param {URL} url whose fragment, in a published widget, says what the file must be
 * @returns {Promise<Response>}
 * @throws {Error} that names the file
 */
export async function fetchOwn(url) {
  const name = url.pathname.split("/").pop();
  const response = await fetch(url, { integrity: url.hash.slice(1) }).catch((error) => {
    throw new Error(`${name}: ${error.message}`);
  });
  if (!response.ok) throw new Error(`${name}: the server answered ${response.status}`);
  return response;
}
