// The page's one audio context: browsers allow few, and each keeps the sound hardware awake.
let context;
let users = 0;

/** The context, made when it is first needed; to be given back by {@link release}. */
export function hold() {
  users++;
  context ??= new AudioContext();
  return context;
}

/** Lets the sound hardware sleep when nobody holds the context any more. */
export function release() {
  users--;
  if (users === 0) context.suspend();
}
