// What Emscripten's embind makes of a C++ function or method, without code from text. Both go into a worker as text, so they
// know nothing but their arguments.

/** A function that calls a C++ one: turns arguments into what WebAssembly takes, and its answer back. */
export function invokerOf(argTypes, isMethod, returns, invoke, target, runDestructors) {
  const [answer, self, ...types] = argTypes;
  return function (...args) {
    const destructors = [];
    const wired = isMethod ? [self.toWireType(destructors, this)] : [];
    for (let i = 0; i < types.length; i++) wired.push(types[i].toWireType(destructors, args[i]));
    const result = invoke(target, ...wired);
    runDestructors(destructors);
    return returns ? answer.fromWireType(result) : undefined;
  };
}

/** A function that C++ calls with the place in memory where the arguments of a JavaScript function are. */
export function callerOf(types, answer, kind, returnValue) {
  const [METHOD, CONSTRUCTOR] = [0, 1];
  return (object, callee, destructors, place) => {
    const args = [];
    for (const type of types) {
      args.push(type.readValueFromPointer(place));
      place += type.argPackAdvance;
    }
    const call = kind === METHOD ? () => callee.call(object, ...args) : () => callee(...args);
    const result = kind === CONSTRUCTOR ? new callee(...args) : call();
    return answer.isVoid ? undefined : returnValue(answer, destructors, result);
  };
}
