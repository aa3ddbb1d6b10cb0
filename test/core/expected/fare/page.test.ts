import assert from 'node:assert/strict';
import { parseAddress } from '../../../../src/core/address';
import type { FareDifference } from '../../../../src/core/expected/fare/compareFares';
import type { Fare } from '../../../../src/core/expected/fare/fare';
import { fareMarkdown, groupFares, type FarePage } from '../../../../src/core/expected/fare/page';
import type { SourceRange } from '../../../../src/core/source';

const answered: Fare = {
  verdict: 'ACCEPT',
  hears: 'endpoint',
  destination: '10.244.0.1:80',
  probability: 1,
};
const dropped: Fare = { verdict: 'DROP', hears: 'silence', probability: 1 };
const refused: Fare = { verdict: 'REJECT', hears: 'reject', reply: 'tcp-reset', probability: 1 };

function difference(
  kind: string,
  left: readonly Fare[],
  right: readonly Fare[],
  more: Partial<FareDifference> & { device?: string; rule?: SourceRange } = {},
): FareDifference {
  const { device, rule, ...rest } = more;
  return {
    kind,
    service: 'shop/web:http',
    packet: {
      protocol: 6,
      source: parseAddress('10.244.0.9')!,
      sourcePort: 40000,
      destination: parseAddress('10.96.0.5')!,
      destinationPort: 80,
      ...(device !== undefined && { inInterface: device }),
    },
    aspects: ['verdict', 'hears'],
    left: { fares: left, rule },
    right: { fares: right },
    ...rest,
  };
}

function pageOf(differences: readonly FareDifference[], more: Partial<FarePage> = {}): string {
  return fareMarkdown({
    title: 'Ready?',
    notes: [],
    left: 'iptables mode',
    right: 'nftables mode',
    packets: 12,
    differences,
    ruleAt: () => undefined,
    ...more,
  }).join('\n');
}

suite('packets that fare differently, in groups', () => {
  test('are one group where kind, both fates and what differs are the same; the largest first', () => {
    const ping = difference('a ping', [answered], [dropped]);
    const groups = groupFares([
      ping,
      difference('a call', [answered], [dropped]),
      difference('a call', [answered, answered], [dropped], { service: 'shop/other' }),
      difference('a call', [answered], [refused]),
      difference('a call', [answered], [dropped], { aspects: ['hears'] }),
      difference('a call', [refused], [dropped]),
      difference('a call', [{ ...refused, reply: 'icmp-port-unreachable' }], [dropped]),
      difference('a call', [dropped, answered], [dropped]),
      difference('a call', [answered, dropped], [dropped]),
    ]);
    assert.deepEqual(
      groups.map(({ kind, effect, members }) => `${kind} ${effect} ${members.length}`),
      [
        'a call lost 2',
        'a call lost 2',
        'a ping lost 1',
        'a call lost 1',
        'a call lost 1',
        'a call unserved 1',
        'a call unserved 1',
      ],
    );
    assert.equal(groups[0]?.left, 'an endpoint answers (10.244.0.1:80)');
    assert.equal(groups[0].right, 'no answer');
  });
});

suite('the page of packets that fare differently', () => {
  test('nothing differs: the verdict and the notes', () => {
    assert.equal(
      pageOf([], { notes: ['Both sides are *worked out*.', 'IPv4 alone.'] }),
      [
        '# Ready?',
        '',
        '**All 12 packets fare the same.**',
        '',
        '> Both sides are \\*worked out\\*.  ',
        '> IPv4 alone.  ',
      ].join('\n'),
    );
  });

  test('each kind once, the worst first, with both fates and some packets', () => {
    const many = Array.from({ length: 7 }, (_, i) =>
      difference('a Pod to the ClusterIP', [answered], [dropped], {
        service: `shop/web_${i}`,
        device: 'cni0',
      }),
    );
    const { service: _, ...ofNone } = difference('a Pod to no Service', [refused], [dropped]);
    const text = pageOf([ofNone, ...many, difference('a ping', [answered], [dropped])]);
    const example = (i: number) =>
      `- shop/web\\_${i}: \`10.244.0.9:40000 > 10.96.0.5:80\` in by cni0`;
    assert.equal(
      text,
      [
        '# Ready?',
        '',
        '**9 of 12 packets fare differently.**',
        '',
        '- **No longer answered by an endpoint** (8 packets): a Pod to the ClusterIP; a ping',
        '- **Answered by no endpoint before or after, but differently**: a Pod to no Service',
        '',
        '',
        '## No longer answered by an endpoint',
        '',
        '### A Pod to the ClusterIP (7 packets)',
        '',
        '- iptables mode: an endpoint answers (10.244.0.1:80)',
        '- nftables mode: no answer',
        '',
        ...[0, 1, 2, 3, 4].map(example),
        '- and 2 more',
        '',
        '### A ping',
        '',
        '- iptables mode: an endpoint answers (10.244.0.1:80)',
        '- nftables mode: no answer',
        '',
        '- shop/web:http: `10.244.0.9:40000 > 10.96.0.5:80` from the node',
        '',
        '## Answered by no endpoint before or after, but differently',
        '',
        '### A Pod to no Service',
        '',
        '- iptables mode: refused (tcp-reset)',
        '- nftables mode: no answer',
        '',
        '- `10.244.0.9:40000 > 10.96.0.5:80` from the node',
      ].join('\n'),
    );
  });

  test('a rule stands below its side, where it is at hand; no backquote of it ends the block', () => {
    const rule = { source: 'save', line: 3, start: 0, end: 9 };
    const text = pageOf([difference('a ping', [answered], [dropped], { rule })], {
      ruleAt: (side, { line }) => `${side} \`${line}\``,
    });
    assert.ok(
      text.includes(
        [
          '- iptables mode: an endpoint answers (10.244.0.1:80)',
          '',
          '  ```text',
          "  left '3'",
          '  ```',
          '- nftables mode: no answer',
          '',
          '- shop/web:http',
        ].join('\n'),
      ),
      text,
    );
  });
});
