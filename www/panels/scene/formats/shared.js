/**
 * Something costly that is there as long as somebody has borrowed it.
 *
 * @template T
 * @param {() => T} create
 * @param {(one: T) => void} dispose
 * @returns {() => {one: T, giveBack: () => void}} borrows it
 */
export function lend(create, dispose) {
  let one;
  let borrowers = 0;
  return () => {
    one ??= create();
    borrowers++;
    return {
      one,
      giveBack() {
        borrowers--;
        if (borrowers > 0) return;
        dispose(one);
        one = undefined;
      },
    };
  };
}
