// The page for a frame: one element as high as what it shows, and what is said to the page around it.
import { elementOfAddress } from "../address.js";
import { make } from "../dom.js";
import { tellHeight } from "./height.js";
import { tellLimits } from "./limits.js";
import { talk } from "./messages.js";

const element = elementOfAddress();
const post = talk(element);
tellHeight((height) => post("k-sort-height", { height }));
tellLimits(element);
document.body.append(make("main", {}, element));
