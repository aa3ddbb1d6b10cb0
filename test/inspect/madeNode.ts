import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from '../../src/inspect/command';

/** What a command prints. */
export async function run(command: Command, ...args: readonly string[]): Promise<string> {
  return (await ended(command, ...args)).text;
}

/** What a command prints, and its exit code. */
export async function ended(
  command: Command,
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly text: string }> {
  const lines: string[] = [];
  const { log, error } = console;
  console.log = (text: string) => void lines.push(text);
  console.error = console.log;
  try {
    const code = await command.run(args);
    return { code, text: lines.join('\n') };
  } finally {
    Object.assign(console, { log, error });
  }
}

/** Files of one node, made for a test. */
export async function withFiles(
  files: Readonly<Record<string, string>>,
  test: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'node-'));
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    await test(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Of a node with two devices. */
export const address = `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 state UNKNOWN
    inet 127.0.0.1/8 scope host lo
2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 state UP
    inet 192.0.2.10/24 brd 192.0.2.255 scope global eth0
3: eth1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 state UP
    inet 198.51.100.10/24 brd 198.51.100.255 scope global eth1
`;
export const routes = `default via 192.0.2.1 dev eth0
192.0.2.0/24 dev eth0 proto kernel scope link src 192.0.2.10
198.51.100.0/24 dev eth1 proto kernel scope link src 198.51.100.10
`;
export const dropping =
  '*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n';
export const nat = `*nat
:PREROUTING ACCEPT [0:0]
:INPUT ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:POSTROUTING ACCEPT [0:0]
-A PREROUTING -d 192.0.2.10/32 -p tcp -m tcp --dport 80 -j DNAT --to-destination 198.51.100.5:8080
COMMIT
`;

/** From outside to the node's own address, port 80. */
export const inward = ['--src', '192.0.2.99:1000', '--dst', '192.0.2.10:80/tcp', '--in', 'eth0'];
