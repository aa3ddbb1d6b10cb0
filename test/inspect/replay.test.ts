import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chiSquare } from '../../src/inspect/oracle/chiSquare';
import { levelFor } from '../../src/inspect/oracle/counts';
import type { OracleAnswer, OracleCase, OracleEntry } from '../../src/inspect/oracle/format';
import { judgeFile } from '../../src/inspect/replay';
import { testParser } from '../syntax/parser';

const folder = 'test/fixtures/kernel-oracle';

function readCase(file: string): OracleCase {
  return JSON.parse(readFileSync(join(folder, file), 'utf8')) as OracleCase;
}

function casesOf(part: string): readonly string[] {
  const files = readdirSync(folder + '/' + part).filter((file) => file.endsWith('.json'));
  return files.map((file) => part + file);
}

async function problems(oracle: OracleCase): Promise<readonly string[]> {
  const found = judgeFile(oracle, await testParser());
  const wrong = found.filter(({ result }) => result !== 'agree');
  return wrong.map(({ packet, backend, result, reason }) =>
    [packet, backend, result, reason].join(' '),
  );
}

const folders = ['', 'ip6/', 'policy/', 'bridge/', 'ipvs/', 'nft/'];

/** What the dumps of a recording can't tell. */
function openIn(file: string): RegExp {
  // Of chains with one priority that translate differently, and of a limit that is used up.
  if (file.includes('nat-equal-priority')) return / unknown a listing does not tell/;
  return /nft\/named-(limit|dynamic-set)/.test(file) ? / unknown (below|above) the limit / : /^$/;
}

suite('replay of recorded kernel answers', () => {
  for (const file of folders.flatMap(casesOf)) {
    test(`${file}: every packet as the kernel had it`, async () => {
      const found = await problems(readCase(file));
      assert.deepEqual(
        found.filter((problem) => !openIn(file).test(problem)),
        [],
      );
    });
  }
});

suite('what replay calls a difference', () => {
  const file = 'named-service-two-endpoints-2000.json';

  async function withAnswer(
    change: (answer: OracleAnswer, entry: OracleEntry) => Partial<OracleEntry>,
  ): Promise<readonly string[]> {
    const oracle = readCase(file);
    const packets = oracle.packets.map((entry) => ({ ...entry, ...change(entry.answer!, entry) }));
    return problems({ ...oracle, packets });
  }

  test('a rule more in the path', async () => {
    const found = await withAnswer((answer) => ({
      answer: { ...answer, path: [...answer.path, answer.path[0]!] },
    }));
    assert.match(found[0] ?? '', /differ the end after step/);
  });

  test('another mark before a rule', async () => {
    const found = await withAnswer((answer) => ({
      answer: { ...answer, path: answer.path.map((step) => ({ ...step, mark: '0x8' })) },
    }));
    assert.match(found[0] ?? '', /differ step 1/);
  });

  test('another verdict, another address', async () => {
    assert.match((await withAnswer((a) => ({ answer: { ...a, verdict: 'LOST' } })))[0]!, /verdict/);
    const found = await withAnswer((answer) => ({
      answer: { ...answer, final: { ...answer.final!, dst: '10.9.9.9' } },
    }));
    assert.match(found[0]!, /differ final/);
  });

  suite('of IPVS', () => {
    async function withIpvsAnswer(
      file: string,
      i: number,
      change: (answer: OracleAnswer) => Partial<OracleAnswer>,
    ): Promise<string> {
      const oracle = readCase(`ipvs/${file}`);
      const packets = oracle.packets.map((entry, j) =>
        i === j ? { ...entry, answer: { ...entry.answer!, ...change(entry.answer!) } } : entry,
      );
      return (await problems({ ...oracle, packets }))[0] ?? '';
    }
    const file = 'named-conn-reuse-mode-1-ct1.json';

    test('another real server than any that the scheduler may choose', async () => {
      const found = await withIpvsAnswer(file, 0, ({ ipvs }) => ({
        ipvs: { ...ipvs!, real: '10.9.9.9:80' },
      }));
      assert.match(found, /differ IPVS: /);
    });

    test('IPVS in a packet that it let pass', async () => {
      assert.match(await withIpvsAnswer(file, 0, () => ({ ipvs: undefined })), /differ IPVS: /);
    });

    test('a masquerade that was not, and a rule less after IPVS', async () => {
      const masquerade = await withIpvsAnswer(file, 0, () => ({ masquerade: 'rule' }));
      assert.match(masquerade, /differ masquerade false/);
      const path = await withIpvsAnswer(file, 0, ({ path_after_ipvs: path }) => ({
        path_after_ipvs: path!.slice(1),
      }));
      assert.match(path, /differ step/);
    });
  });

  test('another reply, another exit over the loopback device, another connection', async () => {
    const change = async (
      file: string,
      edit: (answer: OracleAnswer) => Partial<OracleAnswer>,
    ): Promise<string> => {
      const oracle = readCase(file);
      const packets = oracle.packets.map((entry) => ({
        ...entry,
        answer: { ...entry.answer!, ...edit(entry.answer!) },
      }));
      return (await problems({ ...oracle, packets })).join('\n');
    };
    const rejected = await change('gen-00111.json', ({ reject_reply: reply }) =>
      reply ? { reject_reply: 'icmp 3/10' } : {},
    );
    assert.match(
      rejected,
      /differ the sender gets icmp 3\/3 \(refused at once \(ICMP port unreachable\)\), not icmp 3\/10/,
    );
    const looped = await change('named-loopback-second-pass.json', ({ seen }) => ({
      seen: seen?.map((exit) => ({ ...exit, mark: '0x77' })),
    }));
    assert.match(looped, /differ exit 1: mark/);
    const tracked = await change('named-redirect.json', ({ conntrack }) => ({
      conntrack: conntrack && { ...conntrack, reply: { ...conntrack.reply, src: '10.9.9.9' } },
    }));
    assert.match(tracked, /differ conntrack reply/);
  });

  test('counts that the probabilities do not fit', async () => {
    const found = await withAnswer((_, { samples }) => ({
      samples: samples?.map((sample, i) => ({ ...sample, count: i === 0 ? 1900 : 100 })),
    }));
    assert.match(found.join('\n'), /counts do not fit/);
  });
});

suite('what replay calls unknown', () => {
  const file = 'named-service-two-endpoints-2000.json';

  test('what it can not read of a recording, in words, and never leaves it out', async () => {
    const oracle = readCase(file);
    const [entry] = oracle.packets;
    const strange = { ...entry!, packet: { ...entry!.packet!, vlan: 5 } };
    const found = await problems({ ...oracle, packets: [strange] });
    assert.deepEqual(found, ['0 legacy unknown this reader does not take vlan of the packet']);
  });

  test('what comes after a command, until the node is set up anew', async () => {
    const oracle = readCase(file);
    const [entry] = oracle.packets;
    const single: OracleEntry = { packet: entry!.packet, answer: entry!.answer };
    const command: OracleEntry = { run: 'ip link set eth0 down' };
    const found = await problems({
      ...oracle,
      packets: [command, { ...single, keep: 'next' }, single],
    });
    assert.deepEqual(found, [
      '1 legacy unknown this reader does not take the command that was run before: ip link set eth0 down',
    ]);
  });
});

suite('the level of the tests of counts', () => {
  test('falls with their number, so that thousands of them do not fail by chance', () => {
    assert.ok(levelFor(3000) < levelFor(1) / 2999);
    // 30 or more of 40 at a half is once in 450 tests, 38 or more once in 1e9.
    assert.ok(chiSquare([30, 10], [0.5, 0.5]) > levelFor(3000));
    assert.ok(chiSquare([38, 2], [0.5, 0.5]) < levelFor(3000));
  });

  test('is met by small counts as often as it says: 16 and more at 5 of 100 once in 30,000', () => {
    // The binomial's exact tail is 3.7e-5; Pearson's statistic would say 4.5e-7.
    const chance = chiSquare([16, 84], [0.05, 0.95]);
    assert.ok(chance > 1e-5 && chance < 2e-4, String(chance));
  });
});
