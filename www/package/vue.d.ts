// <k-sort> in the templates of Vue 3: `import type {} from "k-sort/vue"`.
import type { DefineComponent } from "vue";
import type { KSortAttributes, KSortEventMap } from "./k-sort.js";

type Handlers = { [Name in keyof KSortEventMap as `on${Capitalize<Name>}`]?: (event: KSortEventMap[Name]) => void };

declare module "vue" {
  interface GlobalComponents {
    "k-sort": DefineComponent<KSortAttributes & Handlers>;
  }
}
