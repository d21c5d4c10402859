/** Commands between the bench and its helper processes, over Node's own channel. Either end goes when the other is gone. */

/** Answers commands: each has a name and one argument. The child reports itself ready with what `ready` gives. */
export async function serveCommands({ ready, ...commands }) {
  process.on('message', ({ id, name, argument }) => {
    Promise.resolve()
      .then(() => commands[name](argument))
      .then(
        (result) => process.send({ id, result }),
        (error) => process.send({ id, error: String(error?.stack ?? error) }),
      );
  });
  process.on('disconnect', () => process.exit(0));
  process.send({ id: 0, result: await ready?.() });
}

/** Sends commands to a child; `ready` resolves with what it reported at its start. */
export function commandsOf(child, limitMs) {
  const open = new Map();
  let lastId = 0;
  const wait = (id, name) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => settle({ id, error: `no answer to "${name}" in ${limitMs} ms` }), limitMs);
      open.set(id, { resolve, reject, timer });
    });
  const settle = ({ id, result, error }) => {
    const waiting = open.get(id);
    open.delete(id);
    clearTimeout(waiting?.timer);
    if (error) waiting?.reject(new Error(error));
    else waiting?.resolve(result);
  };
  child.on('message', settle);
  child.once('close', () => [...open.keys()].forEach((id) => settle({ id, error: 'the process has ended' })));
  const ready = wait(0, 'start');
  // Whoever does not wait for it sees the end of the process elsewhere.
  ready.catch(() => undefined);
  const ask = (name, argument) => {
    const answer = wait(++lastId, name);
    child.send({ id: lastId, name, argument });
    return answer;
  };
  return { ready, ask };
}
