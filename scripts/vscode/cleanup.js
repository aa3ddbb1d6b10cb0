/** Things to undo when this process ends, however it ends: servers to stop, folders to remove. */

/** @type {Set<() => void>} */
const pending = new Set();
let watching = false;

/**
 * Runs `undo` once: when the returned function is called, or else when the process exits or is
 * told to (SIGINT, SIGTERM, SIGHUP, or the end of the npm that runs it).
 *
 * @param {() => void} undo Synchronous, as nothing else runs at exit.
 * @returns {() => void}
 */
export function atEnd(undo) {
  watch();
  const once = () => {
    if (pending.delete(once)) {
      undo();
    }
  };
  pending.add(once);
  return once;
}

function watch() {
  if (watching) {
    return;
  }
  watching = true;
  process.on('exit', () => {
    for (const undo of [...pending].reverse()) {
      undo();
    }
  });
  const signals = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 };
  for (const [signal, number] of Object.entries(signals)) {
    process.on(signal, () => process.exit(128 + number));
  }
  if (process.env.npm_lifecycle_event) {
    endWithNpm();
  }
}

/** npm passes on Ctrl+C, but not a SIGTERM to npm alone: then this process gets another parent. */
function endWithNpm() {
  const npm = process.ppid;
  const check = () => process.ppid !== npm && process.exit(128 + 15);
  setInterval(check, 500).unref();
}
