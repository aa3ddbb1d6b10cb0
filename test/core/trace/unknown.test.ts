import assert from 'node:assert/strict';
import { parseAddress } from '../../../src/core/address';
import { arrivalOf } from '../../../src/core/trace/arrival';
import { leaves } from '../../../src/core/trace/leaves';
import { traceFlow } from '../../../src/core/trace/tracer';
import { node, oneChain, only, packet } from './helper';

const toService = packet('tcp 10.244.1.7:40000 > 10.96.0.10:53 cni0');

suite('what no dump tells', () => {
  test('a missing ipset dump: both ways, with the reason, decided once', () => {
    const rules = `
*filter
:FORWARD ACCEPT
-A FORWARD -m set ! --match-set KUBE-CLUSTER-IP dst,dst -j ACCEPT
-A FORWARD -m set --match-set KUBE-CLUSTER-IP dst,dst -j DROP
`;
    const ways = leaves(traceFlow(node({ rules, sets: null }), toService).path);
    assert.deepEqual(
      ways.map(({ verdict, branches }) => [verdict.kind, branches.map((b) => b.condition)]),
      [
        ['ACCEPT', ['10.96.0.10:53 is not in the set KUBE-CLUSTER-IP']],
        ['DROP', ['10.96.0.10:53 is in the set KUBE-CLUSTER-IP']],
      ],
    );
    assert.equal(ways[0]?.branches[0]?.unknown, '`ipset save` is missing');
  });

  for (const [directions, asked] of [
    ['src', '10.244.1.7:40000'],
    ['dst', '10.96.0.10:53'],
    ['src,dst', '10.244.1.7:40000, 10.96.0.10:53'],
    ['dst,dst,src', '10.96.0.10:53, 10.244.1.7:40000'],
  ] as const) {
    test(`a set that no dump shows, asked for ${directions}, names ${asked}`, () => {
      const rules = `*filter\n:FORWARD ACCEPT\n-A FORWARD -m set --match-set S ${directions} -j DROP\n`;
      const [first] = leaves(traceFlow(node({ rules, sets: null }), toService).path);
      assert.equal(first?.branches[0]?.condition, `${asked} is in the set S`);
    });
  }

  for (const [asked, text] of [
    ['--uid-owner 1000', 'uid is 1000'],
    ['--uid-owner 1000-1999', 'uid is 1000-1999'],
    ['! --uid-owner 1000', 'uid is not 1000'],
    ['--gid-owner 5', 'gid is 5'],
  ] as const) {
    test(`who sends, where no dump tells: ${asked}`, () => {
      const rules = `*filter\n:OUTPUT ACCEPT\n-A OUTPUT -m owner ${asked} -j DROP\n`;
      const own = packet('tcp 192.168.50.10:40000 > 8.8.8.8:80');
      const [first] = leaves(traceFlow(node({ rules }), own).path);
      assert.equal(first?.branches[0]?.condition, `the sender's ${text}`);
    });
  }

  test('who sends, where no dump tells, as nft asks', () => {
    const own = packet('tcp 192.168.50.10:40000 > 8.8.8.8:80');
    const asked = (rule: string) => {
      const nftables = oneChain(`${rule} drop`, { base: 'filter hook output priority 0' });
      return leaves(traceFlow({ ...node(), nftables }, own).path)[0]!.branches[0]?.condition;
    };
    assert.equal(asked('meta skuid 1000'), "the sender's uid == 1000");
    assert.equal(asked('meta skgid 5'), "the sender's gid == 5");
  });

  test('physdev where no dump tells the devices: open of what comes in, not of the node’s own', () => {
    const rules =
      '*mangle\n:POSTROUTING ACCEPT\n-A POSTROUTING -m physdev --physdev-is-bridged -j MARK --set-xmark 0x1/0x1\n';
    const own = packet('tcp 192.168.50.10:40000 > 8.8.8.8:80');
    const marks = (of: typeof own) =>
      leaves(traceFlow(node({ rules, addresses: null }), of).path).map(
        ({ verdict }) => verdict.finalMark,
      );
    assert.deepEqual(marks(packet('tcp 10.244.1.7:1 > 8.8.8.8:80 cni0')), [1, 0]);
    assert.deepEqual(marks(own), [0]);
  });

  test('routes of the other family tell nothing: no route is not known, not absent', () => {
    const source = parseAddress('fd00::7')!;
    const destination = parseAddress('fd00:10:96::a')!;
    const packet6 = { protocol: 6, source, destination, destinationPort: 53, inInterface: 'cni0' };
    const kinds = leaves(traceFlow(node(), packet6).path).map(({ verdict }) => verdict.kind);
    assert.ok(!kinds.includes('LOST'), kinds.join());
    assert.deepEqual(arrivalOf(node(), source), {
      kind: 'unknown',
      reason: '`ip route show table all` is missing',
    });
  });

  test('a recent list: a hit or not, and what the packet itself puts in is known', () => {
    const rules = `
*nat
:PREROUTING ACCEPT
-A PREROUTING -m recent --rcheck --seconds 10800 --name S --mask 255.255.255.255 --rsource -j ACCEPT
-A PREROUTING -m recent --set --name S --mask 255.255.255.255 --rsource
-A PREROUTING -m recent --rcheck --name S --mask 255.255.255.255 --rsource -j MARK --set-xmark 0x1/0x1
`;
    const ways = leaves(traceFlow(node({ rules }), toService).path);
    assert.deepEqual(
      ways.map(({ branches, verdict }) => [branches.map((b) => b.condition), verdict.finalMark]),
      [
        [['10.244.1.7 is in the recent list S within 10800 s'], 0],
        [['10.244.1.7 is not in the recent list S within 10800 s'], 1],
      ],
    );
  });

  test('no routes and no addresses: local or not is asked once, the device stays unknown', () => {
    const rules = `
*nat
:PREROUTING ACCEPT
-A PREROUTING -m addrtype --dst-type LOCAL -j MARK --set-xmark 0x1/0x1
*filter
:FORWARD ACCEPT
-A FORWARD -o eth0 -j DROP
`;
    const dumps = { rules, routes: null, addresses: null };
    const ways = leaves(traceFlow(node(dumps), toService).path);
    assert.deepEqual(
      ways.map(({ verdict }) => [verdict.kind, verdict.delivered, verdict.finalMark]),
      [
        ['ACCEPT', 'local', 1],
        ['DROP', undefined, 0],
        ['ACCEPT', undefined, 0],
      ],
    );
  });

  test('MASQUERADE without the addresses is UNKNOWN, not a guess', () => {
    const rules = '*nat\n:POSTROUTING ACCEPT\n-A POSTROUTING -j MASQUERADE';
    const { verdict } = only(traceFlow(node({ rules, addresses: null }), toService));
    assert.equal(verdict.kind, 'UNKNOWN');
  });

  test('route_localnet that no dump tells', () => {
    const state = { ...node(), sysctls: undefined };
    const ways = leaves(traceFlow(state, packet('tcp 8.8.8.8:1 > 127.0.0.1:80 eth0')).path);
    assert.deepEqual(
      ways.map(({ verdict }) => verdict.kind),
      ['ACCEPT', 'LOST'],
    );
    assert.match(ways[0]?.branches[0]?.condition ?? '', /route_localnet is 1/);
  });

  test('a policy that the dump does not tell', () => {
    const ways = leaves(
      traceFlow(node({ rules: '*filter\n-A FORWARD -p udp -j DROP' }), toService).path,
    );
    assert.deepEqual(
      ways.map(({ verdict }) => verdict.kind),
      ['ACCEPT', 'DROP'],
    );
    const ends = (rules: string) =>
      leaves(traceFlow(node({ rules }), toService).path)[0]!.steps.flatMap((step) =>
        step.kind === 'policy' ? [step.effect] : [],
      );
    assert.deepEqual(ends('*filter\n-A FORWARD -p udp -j DROP'), ['policy not in the dump']);
    assert.deepEqual(ends('*filter\n:FORWARD DROP\n'), ['policy DROP']);
  });
});

suite('several matches of a rule that are open', () => {
  const ends = (matches: string) => {
    const state = node({ rules: `*filter\n:FORWARD ACCEPT\n-A FORWARD ${matches} -j DROP\n` });
    const { path } = traceFlow(state, packet('tcp 10.244.1.7:40000 > 8.8.8.8:80 cni0'));
    return leaves(path).map(({ verdict, probability }) => [verdict.kind, probability]);
  };
  const random = '-m statistic --mode random --probability 0.5';
  const policy = '-m policy --dir in --pol none';
  const socket = '-m socket --transparent';

  test('by chance: each has its own, one after the other', () => {
    assert.deepEqual(ends(`${random} ${random}`), [
      ['DROP', 0.25],
      ['ACCEPT', 0.25],
      ['ACCEPT', 0.5],
    ]);
  });

  test('what is not modelled: together they are one question', () => {
    assert.deepEqual(ends(`${policy} ${socket}`), [
      ['DROP', undefined],
      ['ACCEPT', undefined],
    ]);
  });

  test('of both kinds: what is not known first, then chance', () => {
    for (const matches of [`${policy} ${random}`, `${random} ${policy}`]) {
      assert.deepEqual(
        ends(matches).map(([kind]) => kind),
        ['DROP', 'ACCEPT', 'ACCEPT'],
      );
    }
  });

  test('a sure no decides, wherever it stands', () => {
    for (const open of [random, policy, `${policy} ${random}`]) {
      assert.deepEqual(ends(`${open} -m mark --mark 0x1`), [['ACCEPT', 1]], open);
      assert.deepEqual(ends(`-m mark --mark 0x1 ${open}`), [['ACCEPT', 1]], open);
      assert.equal(ends(`${open} -m mark --mark 0x0`).length > 1, true, open);
    }
  });
});

suite('a recent list that no dump shows', () => {
  const marks = (first: string, second: string) => {
    const rule = (match: string, mark: number) =>
      `-A PREROUTING -m recent ${match} --name A --rsource -j MARK --set-xmark ${mark}/${mark}\n`;
    const state = node({
      rules: `*mangle\n:PREROUTING ACCEPT\n${rule(first, 1)}${rule(second, 2)}`,
    });
    return leaves(traceFlow(state, toService).path).map(({ verdict }) => verdict.finalMark);
  };
  const later = '--rcheck --seconds 60';

  test('has who was touched (--update), not who was found (--rcheck)', () => {
    assert.deepEqual(marks('--update', later), [3, 0]);
    assert.deepEqual(marks('--rcheck', later), [3, 1, 0]);
  });

  test('who was not in it of late, or not often, may be in it all the same', () => {
    assert.deepEqual(marks(later, '--rcheck'), [3, 1, 2, 0]);
    assert.deepEqual(marks('--rcheck --hitcount 3', '--rcheck'), [3, 1, 2, 0]);
    assert.deepEqual(marks('--rcheck --rttl', '--rcheck --seconds 60'), [3, 1, 2, 0]);
  });

  test('has who was put in, and not who was taken out', () => {
    assert.deepEqual(marks('--set', later), [3]);
    assert.deepEqual(marks('--remove', later), [1, 0]);
  });

  test('answers the same question once', () => {
    assert.deepEqual(marks('--rcheck', '--rcheck'), [3, 0]);
    assert.deepEqual(marks('--rcheck', '! --rcheck'), [1, 2]);
  });
});
