// Small helps to make elements and words.
import { fetchOwn } from "./own.js";

/** An element with attributes and children. Text is text, whatever it holds. */
export function make(tag, { className, text, ...attributes } = {}, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** A number with this many decimals and a true minus sign. */
export function fixed(value, decimals) {
  const text = value.toFixed(decimals);
  return Number(text) === 0 ? text.replace("-", "") : text.replace("-", "−");
}

const sheets = new Map();

/** Adds a style sheet, which is loaded once, to those of the element that `node` is shown in. */
export async function addStyles(node, url) {
  const { href } = url;
  if (!sheets.has(href)) {
    sheets.set(href, fetchStyles(url));
    // What failed to load may load when it is tried again.
    sheets.get(href).catch(() => sheets.delete(href));
  }
  const sheet = await sheets.get(href);
  const root = node.getRootNode();
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
}

async function fetchStyles(url) {
  const response = await fetchOwn(url);
  return new CSSStyleSheet().replace(await response.text());
}
