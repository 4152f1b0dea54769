// The page for a frame: one element as high as what it shows, and what is said to the page around it.
import { elementOfAddress } from "../address.js";
import { tellHeight } from "./height.js";
import { tellLimits } from "./limits.js";
import { talk } from "./messages.js";

const element = elementOfAddress();
const post = talk(element);
tellHeight((height) => post("k-sort-height", { height }));
tellLimits(element);
// No landmark of its own: the page around says what its main part is.
document.body.append(element);
