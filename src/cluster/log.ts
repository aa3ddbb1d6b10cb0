/** Where src/cluster tells what it does; VS Code's LogOutputChannel has this shape. */
export interface ClusterLog {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
}

/** For tests and for callers that don't care. */
export const silentLog: ClusterLog = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
};
