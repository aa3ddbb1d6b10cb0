import assert from 'node:assert/strict';
import { lay } from '../../../src/inspect/lay';
import { run, withFiles } from '../../inspect/madeNode';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const node = 'samples/kubernetes-1.36-iptables/node-a';
const ends = 'src=10.244.0.9 dst=10.99.205.136 sport=47644 dport=3000';

async function laid(text: string): Promise<string> {
  let told = '';
  await withFiles({ 'trace.txt': text }, async (folder) => {
    told = await run(lay, join(folder, 'trace.txt'), '--node', node);
  });
  return told;
}

suite('connections of conntrack laid on rules', function () {
  this.timeout(60_000);
  let endpoint = '';

  suiteSetup(async () => {
    // Where the sample's rules send it: the text of another way names the endpoints.
    const told = await laid(
      `tcp      6 431999 ESTABLISHED ${ends} src=10.244.9.9 dst=10.244.0.9 sport=1 dport=47644 [ASSURED] mark=0 use=1`,
    );
    endpoint = /by the dump it would go to ([\d.]+):3000 from 10.244.0.9/.exec(told)?.[1] ?? told;
  });

  test('one that went elsewhere differs, and the ways of the dump are named', () => {
    assert.match(endpoint, /^10\.244\.\d+\.\d+$/);
  });

  for (const [form, before, after] of [
    ['conntrack -L', 'tcp      6 431999 ESTABLISHED ', '[ASSURED] mark=0 use=1'],
    [
      '/proc/net/nf_conntrack',
      'ipv4     2 tcp      6 431999 ESTABLISHED ',
      '[ASSURED] mark=0 zone=0 use=2',
    ],
    ['conntrack -E', '    [NEW] tcp      6 120 SYN_SENT ', ''],
  ] as const) {
    test(`${form}: the rule that sends it there`, async () => {
      const unreplied = after === '' ? '[UNREPLIED] ' : '';
      const reply = `src=${endpoint} dst=10.244.0.9 sport=3000 dport=47644`;
      const told = await laid(`${before}${ends} ${unreplied}${reply} ${after}`);
      assert.match(
        told,
        new RegExp(`to ${endpoint}:3000 \\(DNAT\\).*\\(iptables-save(-c)?.txt:\\d+\\)`),
      );
      assert.doesNotMatch(told, /!/);
    });
  }

  test('a source that the dump would keep differs', async () => {
    const reply = `src=${endpoint} dst=10.244.0.1 sport=3000 dport=1234`;
    const told = await laid(
      `tcp      6 431999 ESTABLISHED ${ends} ${reply} [ASSURED] mark=0 use=1`,
    );
    assert.match(told, /from 10.244.0.1:1234 \(SNAT\)\n {2}! by the dump it would go to/);
  });

  test('exit code 1 where one differs; nothing is lost beside a trace of packets', async () => {
    await withFiles({}, async (folder) => {
      const file = join(folder, 'trace.txt');
      const log = `[1.5] TRACE: nat:PREROUTING:rule:1 IN=cni0 OUT= SRC=10.244.0.9 DST=10.99.205.136 LEN=60 TOS=0x00 PREC=0x00 TTL=64 ID=1 DF PROTO=TCP SPT=47644 DPT=3000 SEQ=1 ACK=0 WINDOW=1 RES=0x00 SYN URGP=0`;
      const gone = `tcp      6 5 CLOSE ${ends} src=10.244.9.9 dst=10.244.0.9 sport=1 dport=47644 mark=0 use=1`;
      await writeFile(file, `${log}\n${gone}\n`);
      const told = await run(lay, file, '--node', node);
      assert.match(told, /nat PREROUTING rule 1[^]*CLOSE: to 10.244.9.9:1 \(DNAT\)/);
    });
  });
});
