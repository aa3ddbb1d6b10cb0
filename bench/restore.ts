import { spawnSync } from 'node:child_process';

/** One iptables-restore that is installed here. */
export interface Restore {
  readonly name: string;
  /** Milliseconds of `--test` on the dump: read and checked, nothing changed. Throws when it fails. */
  time(dump: string): number;
}

const programs = ['iptables-nft-restore', 'iptables-legacy-restore'];

/** Those that can run: only as root, each time in a network namespace of its own. */
export function restores(): readonly Restore[] {
  if (process.getuid?.() !== 0) return [];
  return programs.filter(isInstalled).map((name) => ({
    name,
    time(dump) {
      const started = performance.now();
      const { status, stderr } = spawnSync('unshare', ['-n', name, '--test'], { input: dump });
      const took = performance.now() - started;
      if (status !== 0) throw new Error(`${name} --test: ${stderr.toString()}`);
      return took;
    },
  }));
}

/** `nft -c -f`, which reads and checks a listing; as root, in a namespace of its own. */
export function nftChecks(): readonly Restore[] {
  if (process.getuid?.() !== 0 || !isInstalled('nft')) return [];
  return [
    {
      name: 'nft -c -f',
      time(dump) {
        const started = performance.now();
        const { status, stderr } = spawnSync('unshare', ['-n', 'nft', '-c', '-f', '-'], {
          input: dump,
        });
        const took = performance.now() - started;
        if (status !== 0) throw new Error(`nft -c -f: ${stderr.toString()}`);
        return took;
      },
    },
  ];
}

function isInstalled(name: string): boolean {
  return spawnSync('unshare', ['-n', name, '--version']).status === 0;
}
