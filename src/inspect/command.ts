/** One subcommand. `run` gets what stands behind its name and gives the exit code. */
export interface Command {
  /** What `--help` prints: usage first, then what it does. */
  readonly help: string;
  run(args: readonly string[]): Promise<number>;
}
