// <k-sort> in JSX, for React 19: `import type {} from "k-sort/react"`.
import type { DetailedHTMLProps, HTMLAttributes } from "react";
import type { KSortAttributes, KSortElement, KSortEventMap } from "./k-sort.js";

/** `onk-sort-vote` and so on: React listens to the event of the name after `on`. */
type Handlers = { [Name in keyof KSortEventMap as `on${Name}`]?: (event: KSortEventMap[Name]) => void };

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "k-sort": DetailedHTMLProps<HTMLAttributes<KSortElement>, KSortElement> & KSortAttributes & Handlers;
    }
  }
}
