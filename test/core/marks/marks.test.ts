import assert from 'node:assert/strict';
import {
  markEffect,
  markEffectInWords,
  markFormula,
  markStepsInWords,
  markTestInWords,
} from '../../../src/core/marks/arithmetic';
import { binary, bitNames, bitNumbers } from '../../../src/core/marks/bits';
import { hex } from '../../../src/core/hex';
import { markLedger, markLine, usesOfBits } from '../../../src/core/marks/ledger';
import { describeMarkRole, markRoles } from '../../../src/core/marks/roles';
import { describeMarkUser, usersOfMark } from '../../../src/core/marks/registry';
import { readDump } from '../kubeproxy/dump';

const test4000 = (value: number, mask: number, negated = false) =>
  markTestInWords({ value, mask, negated });

suite('marks', () => {
  test('bits by number and in binary', () => {
    assert.deepEqual(bitNumbers(0xc0004000), [14, 30, 31]);
    assert.equal(bitNames(0x4000), 'bit 14');
    assert.equal(bitNames(0xc000), 'bits 14 and 15');
    assert.equal(bitNames(0xffff0009), 'bits 0, 3 and 16 to 31');
    assert.equal(bitNames(0xff), 'bits 0 to 7');
    assert.equal(bitNames(0), 'no bit');
    assert.equal(bitNames(0xffffffff), 'all bits');
    assert.equal(binary(0x4000), '0000 0000 0000 0000 0100 0000 0000 0000');
    assert.equal(hex(-1), '0xffffffff');
  });

  test('what an operation does equals what the kernel computes, for every bit', () => {
    const words = [0, 0x4000, 0x8000, 0xffffffff, 0x12345678, 0xffff0000];
    for (const clear of words) {
      for (const xor of words) {
        const { sets, clears, flips, keeps } = markEffect({ clear, xor });
        assert.equal((sets | clears | flips | keeps) >>> 0, 0xffffffff);
        for (const mark of words) {
          const kernel = ((mark & ~clear) ^ xor) >>> 0;
          assert.equal((((mark & keeps) | sets | (~mark & flips)) >>> 0) & 0xffffffff, kernel | 0);
        }
      }
    }
  });

  test('operations in words', () => {
    const masq = { clear: 0x4000, xor: 0x4000 };
    assert.equal(markEffectInWords(masq), 'sets bit 14, keeps all others');
    assert.equal(markFormula(masq), 'mark = (mark & ~0x4000) ^ 0x4000');
    assert.equal(
      markStepsInWords(masq),
      'Clears bit 14 (0x4000), then xors 0x4000: sets bit 14, keeps all others.',
    );
    assert.equal(
      markStepsInWords({ clear: 0, xor: 0x4000 }),
      'Clears nothing, then xors 0x4000: flips bit 14, keeps all others.',
    );
    const whole = { clear: 0xffffffff, xor: 0x539 };
    assert.equal(markFormula(whole), 'mark = 0x539');
    assert.equal(
      markEffectInWords(whole),
      'sets bits 0, 3 to 5, 8 and 10, clears bits 1, 2, 6, 7, 9 and 11 to 31',
    );
    assert.equal(
      markStepsInWords({ clear: 0xc000, xor: 0 }),
      'Clears bits 14 and 15 (0xc000), then xors nothing: clears bits 14 and 15, keeps all others.',
    );
    assert.equal(markFormula({ clear: 0xc000, xor: 0 }), 'mark = (mark & ~0xc000)');
    assert.equal(markFormula({ clear: 0, xor: 0x4000 }), 'mark = mark ^ 0x4000');
    assert.equal(markFormula({ clear: 0, xor: 0 }, 'ctmark'), 'ctmark = ctmark');
    assert.equal(markEffectInWords({ clear: 0, xor: 0 }), 'changes no bit');
  });

  test('tests in words', () => {
    assert.equal(test4000(0x4000, 0x4000), 'bit 14 is 1');
    assert.equal(test4000(0x4000, 0x4000, true), 'bit 14 is not 1');
    assert.equal(test4000(0, 0xc000), 'bits 14 and 15 are all 0');
    assert.equal(test4000(0, 0xc000, true), 'bits 14 and 15 are not all 0');
    assert.equal(test4000(0xc000, 0xc000), 'bits 14 and 15 are all 1');
    assert.equal(test4000(0, 0x4000, true), 'bit 14 is not 0');
    assert.equal(test4000(0x40000, 0xff0000), '(mark & 0xff0000) is 0x40000');
    assert.equal(test4000(0x4000, 0xffffffff), 'the whole mark is 0x4000');
    assert.equal(test4000(0x4000, 0xffffffff, true), 'the whole mark is not 0x4000');
    assert.equal(test4000(0, 0xffffffff), 'the whole mark is 0x0');
    assert.equal(test4000(0x40000, 0xff0000, true), '(mark & 0xff0000) is not 0x40000');
    assert.match(test4000(0x4000, 0x8000), /^never true/);
    assert.match(test4000(0x4000, 0x8000, true), /^always true/);
    assert.match(test4000(0, 0), /^always true/);
    assert.match(test4000(0, 0, true), /^never true/);
  });

  test('who claims a bit', () => {
    const software = (value: number, mask?: number) =>
      usersOfMark(value, mask).map((user) => user.software);
    assert.deepEqual(software(0x4000), []);
    assert.deepEqual(software(0x40000), ['Calico', 'Tailscale', 'Tailscale', 'Weave Net']);
    assert.deepEqual(software(0x2000), ['CNI portmap', 'netavark (Podman)', 'kube-router']);
    assert.deepEqual(software(0x80000000), ['Calico', 'Antrea']);
    const netbird = software(0x1bd10, 0xffffffff).filter((name) => name === 'NetBird');
    assert.deepEqual(netbird, ['NetBird', 'NetBird']);
    assert.deepEqual(software(0x539, 0xfff), [
      'Cilium',
      'Istio ambient',
      'Istio sidecar',
      'kube-router',
      'Antrea',
    ]);
    const cilium = (value: number, mask?: number) =>
      usersOfMark(value, mask)
        .filter((user) => user.software === 'Cilium')
        .map(describeMarkUser);
    assert.deepEqual(cilium(0x200, 0xf00), ['Cilium: 0x200 under mask 0xf00 (to its proxy)']);
    assert.deepEqual(cilium(0xc00, 0xf00), [
      'Cilium: 0xc00 under mask 0xf00 (from the node itself)',
    ]);
    assert.deepEqual(cilium(0x4e00, 0xff00), [
      'Cilium: 0xe00 under mask 0xf00 (IPsec: to encrypt)',
      "Cilium: 0x1e00 to 0xfe00 (IPsec: to encrypt with the key of bits 12 to 15, kube-proxy's among them)",
    ]);
    assert.deepEqual(cilium(0x100, 0xf00), []);
    assert.deepEqual(
      usersOfMark(0x80000, 0xff0000)
        .filter(({ software, on }) => software === 'Tailscale' && on === 'connection')
        .map(describeMarkUser),
      [
        'Tailscale: connection mark 0x40000, 0x80000 under mask 0xff0000 (the mark of its packets, kept for the answers)',
      ],
    );
    assert.match(
      describeMarkUser(usersOfMark(0x80)[0]!),
      /^AWS VPC CNI: .*a pod to outside the VPC/,
    );
    assert.deepEqual(usersOfMark(0x40000).map(describeMarkUser).slice(0, 2), [
      'Calico: 0xffff0000, bits 16 to 31 (its default range)',
      'Tailscale: 0x40000 under mask 0xff0000 (traffic of a subnet route)',
    ]);
  });

  const masquerade = (mark: string) =>
    readDump(`*nat
:KUBE-MARK-MASQ - [0:0]
:KUBE-POSTROUTING - [0:0]
-A KUBE-MARK-MASQ -j MARK --set-xmark ${mark}/${mark}
-A KUBE-POSTROUTING -m mark ! --mark ${mark}/${mark} -j RETURN
-A KUBE-POSTROUTING -j MARK --set-xmark ${mark}/0x0
-A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully
COMMIT
`);

  test('the masquerade bit is the one that this dump sets', () => {
    const [usual, drop] = markRoles([masquerade('0x4000')]);
    assert.equal(usual!.bits, 0x4000);
    assert.equal(usual!.evidence!.line, 3);
    assert.equal(drop!.evidence, undefined);
    const [other] = markRoles([readDump(''), masquerade('0x100000')]);
    assert.equal(other!.bits, 0x100000);
    assert.match(describeMarkRole(other!), /^Bit 20 means .* not the default bit 14\./);
    const emptied = masquerade('0x400').tables.get('nat')!;
    const chains = new Map([...emptied.chains].filter(([name]) => name === 'KUBE-POSTROUTING'));
    const tables = new Map([['nat', { ...emptied, chains }]]);
    assert.equal(markRoles([{ ...masquerade('0x400'), tables }])[0]!.bits, 0x400);
    assert.match(describeMarkRole(markRoles([])[0]!), /the default; this dump sets none/);
  });

  // Chains of kube-proxy hold more than the rule that tells the bit.
  const roles = (...rules: string[]) => {
    const chains = new Set(rules.map((rule) => rule.split(' ')[1]));
    const heads = [...chains].map((chain) => `:${chain} - [0:0]`);
    return markRoles([readDump(['*nat', ...heads, ...rules, 'COMMIT', ''].join('\n'))]);
  };

  test('the masquerade bit is told by the first rule that sets one, behind others', () => {
    const [masquerades] = roles(
      '-A KUBE-MARK-MASQ -m comment --comment "a note"',
      '-A KUBE-MARK-MASQ -p tcp -j RETURN',
      '-A KUBE-MARK-MASQ -j MARK --set-xmark 0x0/0x8000',
      '-A KUBE-MARK-MASQ -j MARK --set-xmark 0x10000/0x10000',
    );
    assert.equal(masquerades!.bits, 0x10000);
    assert.equal(masquerades!.evidence!.line, 5);
  });

  test('without such a rule by the first mark that KUBE-POSTROUTING asks for', () => {
    const [masquerades, drops] = roles(
      '-A KUBE-MARK-MASQ -j RETURN',
      '-A KUBE-MARK-DROP -j RETURN',
      '-A KUBE-POSTROUTING -m conntrack --ctstate INVALID -j RETURN',
      '-A KUBE-POSTROUTING -m connmark --mark 0x20/0x20 -j RETURN',
      '-A KUBE-POSTROUTING -m mark --mark 0x0/0x0 -j RETURN',
      '-A KUBE-POSTROUTING -m mark ! --mark 0x400/0x400 -j RETURN',
    );
    assert.equal(masquerades!.bits, 0x400);
    assert.equal(masquerades!.evidence!.line, 9);
    assert.deepEqual(drops, { role: 'drop', bits: 0x8000 });
  });

  test('where neither tells one, the default', () => {
    const [masquerades] = roles('-A KUBE-MARK-MASQ -j RETURN', '-A KUBE-POSTROUTING -j RETURN');
    assert.deepEqual(masquerades, { role: 'masquerade', bits: 0x4000 });
  });

  test('what a role is in words, with the rule that tells it or without', () => {
    const [masquerades, drops] = roles(
      '-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000',
      '-A KUBE-MARK-DROP -j MARK --set-xmark 0x8000/0x8000',
    );
    assert.equal(
      describeMarkRole(masquerades!),
      'Bit 14 means "needs masquerade" to kube-proxy: KUBE-MARK-MASQ of this dump sets it. KUBE-POSTROUTING clears it and rewrites the source.',
    );
    assert.equal(
      describeMarkRole(drops!),
      'Bit 15 means "drop" to kubelet\'s KUBE-FIREWALL: KUBE-MARK-DROP of this dump sets it.',
    );
    const [usual, gone] = markRoles([]);
    assert.doesNotMatch(describeMarkRole(usual!), /not the default/);
    assert.match(describeMarkRole(gone!), /no rule of this dump sets it/);
    const [swapped] = roles('-A KUBE-MARK-MASQ -j MARK --set-xmark 0x8000/0x8000');
    assert.match(describeMarkRole(swapped!), /^Bit 15 .* not the default bit 14/);
  });

  test('the ledger: which mark each kind of rule has to do with', () => {
    const told = (rule: string) =>
      markLedger(readDump(`*mangle\n:X - [0:0]\n-A X ${rule}\nCOMMIT\n`)).map(
        ({ action, on, bits, table, chain }) => `${action} ${on} ${hex(bits)} ${table} ${chain}`,
      );
    const rows: Record<string, readonly string[]> = {
      '-m mark --mark 0x10/0x30 -j ACCEPT': ['tests packet 0x30'],
      '-m connmark ! --mark 0x80/0x80 -j RETURN': ['tests connection 0x80'],
      // xt_mark.c: one operation may set, clear and flip at once.
      '-j MARK --set-xmark 0x5/0x6': ['sets packet 0x4', 'clears packet 0x2', 'flips packet 0x1'],
      '-j MARK --and-mark 0xfffffff0': ['clears packet 0xf'],
      '-j CONNMARK --set-xmark 0x80/0x80': ['sets connection 0x80'],
      '-p tcp -j TPROXY --on-port 15001 --on-ip 127.0.0.1 --tproxy-mark 0x1/0x1': [
        'sets packet 0x1',
      ],
      '-m mark --mark 0x1/0x1 -m connmark --mark 0x2/0x2 -j MARK --set-xmark 0x4/0x4': [
        'tests packet 0x1',
        'tests connection 0x2',
        'sets packet 0x4',
      ],
      '-m conntrack --ctstate NEW -j ACCEPT': [],
      '-m comment --comment mark': [],
    };
    for (const [rule, uses] of Object.entries(rows)) {
      assert.deepEqual(
        told(rule),
        uses.map((use) => `${use} mangle X`),
        rule,
      );
    }
  });

  test('the ledger: who sets, tests and flips a bit', () => {
    const ledger = markLedger(masquerade('0x4000'));
    const told = usesOfBits(ledger, 0x4000).map(
      ({ action, chain, rule, range }) => `${chain} ${rule} ${action} (line ${range.line})`,
    );
    assert.deepEqual(told, [
      'KUBE-MARK-MASQ 1 sets (line 3)',
      'KUBE-POSTROUTING 1 tests (line 4)',
      'KUBE-POSTROUTING 2 flips (line 5)',
    ]);
    assert.deepEqual(usesOfBits(ledger, 0x8000), []);
  });

  test('the ledger: what is saved are bits of the connection, what is restored bits of the packet', () => {
    const rules = [
      '-A X -j CONNMARK --save-mark --nfmask 0xff --ctmask 0xf00',
      '-A X -j CONNMARK --restore-mark --nfmask 0xff --ctmask 0xf00',
    ];
    const ledger = markLedger(readDump(`*mangle\n:X - [0:0]\n${rules.join('\n')}\nCOMMIT\n`));
    const told = (bits: number) =>
      usesOfBits(ledger, bits).map(({ action, on }) => `${action} ${on}`);
    assert.deepEqual(told(0xf00), ['saves connection']);
    assert.deepEqual(told(0xff), ['restores packet']);
  });

  test('lines that can speak of marks', () => {
    for (const line of [
      '-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000',
      '-A X -m mark --mark 0x1',
      '-A X -j CONNMARK --restore-mark',
      '    0     0 MARK       0    --  *      *       0.0.0.0/0  0.0.0.0/0  MARK or 0x4000',
      '-A X -m connmark --mark 0x80/0x80',
    ]) {
      assert.match(line, markLine);
    }
    assert.doesNotMatch('-A KUBE-EXT-X -j KUBE-MARK-MASQ', markLine);
  });
});
