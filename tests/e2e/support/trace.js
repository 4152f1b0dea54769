/**
 * Records what a page does meanwhile, and gives the longest task of its main thread, in milliseconds of processor time.
 * What the test itself asks of the page does not count.
 */
export async function longestTask(page, meanwhile) {
  const browser = page.context().browser();
  await browser.startTracing(page, { categories: ["toplevel", "devtools.timeline"] });
  await meanwhile();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString());
  const thread = ({ pid, tid }) => `${pid}:${tid}`;
  const mains = traceEvents.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain").map(thread);
  const own = traceEvents.filter((event) => mains.includes(thread(event)) && event.ph === "X" && event.tdur);
  const asked = own.filter(({ args }) => args.chrome_mojo_event_info?.mojo_interface_tag === "blink.mojom.DevToolsSession");
  const isAsked = (task) => asked.some((event) => thread(event) === thread(task) && event.ts >= task.ts && event.ts <= task.ts + task.dur);
  const tasks = own.filter((event) => event.name.endsWith("RunTask") && !isAsked(event));
  if (tasks.length === 0) throw new Error("the trace holds no task of a main thread");
  return Math.max(...tasks.map(({ tdur }) => tdur / 1000));
}
