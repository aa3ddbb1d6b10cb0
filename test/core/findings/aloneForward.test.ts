import assert from 'node:assert/strict';
import { aloneSuite, type Alone } from './alone';
import { edited, rules, type Edit } from './cases/case';
import { healthy as whole, routed } from './cases/small';
import { findingsOf, type Files } from './checkText';

/** Table filter of the small node alone: nothing is translated, so nothing is traced. */
const healthy: Files = {
  [rules]: /^\*filter\n[^]*?^COMMIT\n/m.exec(whole[rules]!)![0],
};
const dropped: Edit = [rules, ':FORWARD ACCEPT', ':FORWARD DROP'];
const forward = (rule: string): Edit => [rules, /^-A FORWARD /m, `-A FORWARD ${rule}\n$&`];
const mine = (rule: string): readonly Edit[] => [
  [rules, ':KUBE-FORWARD', ':MINE - [0:0]\n$&'],
  [rules, '-A KUBE-FORWARD', `-A MINE ${rule}\n$&`],
];

const cases: readonly Alone[] = [
  {
    code: 'forward-policy-drops',
    when: 'no rule accepts a new connection',
    raise: [dropped],
    but: {
      'the policy accepts': [[rules, ':FORWARD DROP', ':FORWARD ACCEPT']],
      'a rule accepts': [forward('-s 10.244.0.0/16 -j ACCEPT')],
      'a rule queues it to a program': [forward('-j NFQUEUE --queue-num 1')],
      'a rule could not be read': [forward('--no-such-option 7 -j DROP')],
      'a chain of others accepts': [forward('-j MINE'), ...mine('-i eth0 -j ACCEPT')],
      'a chain that it goes to accepts': [forward('-g MINE'), ...mine('-j ACCEPT')],
      'a chain that it leads to is not shown': [forward('-j MINE')],
      'new ones are accepted, too': [forward('-m conntrack --ctstate NEW,ESTABLISHED -j ACCEPT')],
      'all but answers are accepted': [forward('-m conntrack ! --ctstate ESTABLISHED -j ACCEPT')],
      'KUBE-FORWARD accepts what is not marked': [
        [
          rules,
          '-m mark --mark 0x4000/0x4000 -j ACCEPT',
          '-m mark ! --mark 0x4000/0x4000 -j ACCEPT',
        ],
      ],
      'kube-proxy was never here': [[rules, /^.*KUBE-FORWARD.*\n/gm, '']],
      'the table is not whole': [[rules, /COMMIT\n$/, '']],
      'the chain is not declared': [[rules, ':FORWARD DROP [0:0]\n', '']],
    },
  },
  ...[
    '-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
    '-m conntrack --ctstate INVALID -j ACCEPT',
    '-j LOG',
    '-j REJECT',
    '-j DROP',
    '-j RETURN',
    '-p tcp -m tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu',
  ].map((rule): Alone => ({
    code: 'forward-policy-drops',
    when: `a rule is there: ${rule}`,
    raise: [dropped, forward(rule)],
  })),
  {
    code: 'forward-policy-drops',
    when: 'a chain of kube-proxy that only refuses is asked',
    raise: [dropped, forward('-j KUBE-PROXY-FIREWALL')],
  },
  {
    code: 'forward-policy-drops',
    when: 'chains lead to each other',
    raise: [dropped, forward('-j MINE'), ...mine('-j MINE')],
  },
];

aloneSuite('what is forwarded', healthy, cases);

const pre = (rule: string): Edit => [rules, /^-A PREROUTING -j/m, `-A PREROUTING ${rule}\n$&`];
const before: Edit = [
  rules,
  '-A KUBE-SERVICES -d',
  '-A KUBE-SERVICES -d 10.99.0.0/16 -j RETURN\n$&',
];

aloneSuite('rules before those of Services', routed, [
  {
    code: 'service-rules-passed-over',
    when: 'a rule of PREROUTING takes a network of theirs',
    raise: [pre('-d 10.99.0.0/16 -j ACCEPT')],
    but: {
      'it takes another': [[rules, '-d 10.99.0.0/16', '-d 10.98.0.0/16']],
      'it asks for a port of its own': [
        [rules, '10.99.0.0/16 -j', '10.99.0.0/16 -p tcp -m tcp --dport 22 -j'],
      ],
      'it only logs': [[rules, '10.99.0.0/16 -j ACCEPT', '10.99.0.0/16 -j LOG']],
      'it goes to a chain of its own': [[rules, '10.99.0.0/16 -j ACCEPT', '10.99.0.0/16 -g MINE']],
      'it may answer otherwise': [
        [rules, '10.99.0.0/16 -j', '10.99.0.0/16 -m limit --limit 1/s -j'],
      ],
      'it stands behind the Services': [
        [rules, /^(-A PREROUTING -d .*\n)(-A PREROUTING -j .*\n)/m, '$2$1'],
      ],
      'it is of INPUT': [[rules, '-A PREROUTING -d', '-A INPUT -d']],
    },
  },
  {
    code: 'service-rules-passed-over',
    when: 'two others stand before it',
    raise: [pre('-d 10.99.0.0/16 -j ACCEPT'), pre('-j LOG'), pre('-j LOG'), pre('-j LOG')],
  },
  {
    code: 'service-rules-passed-over',
    when: 'a rule of KUBE-SERVICES takes what comes behind it',
    raise: [before],
    but: {
      'it stands behind them': [
        [rules, /^(-A KUBE-SERVICES -d 10\.99\.0\.0.*\n)(-A KUBE-SERVICES -d .*\n)/m, '$2$1'],
      ],
    },
  },
  {
    code: 'service-rules-passed-over',
    when: 'a rule takes all that the node sends',
    raise: [[rules, /^-A OUTPUT -j KUBE-SERVICES/m, '-A OUTPUT -j RETURN\n$&']],
  },
]);

suite('rules before those of Services: what they are told to keep', () => {
  const said = async (...edits: readonly Edit[]) =>
    (await findingsOf(edited(routed, edits), 'service-rules-passed-over')).map(
      ({ message, service, related }) => [message, service, related?.length],
    );

  test('one rule of one Service, and all of them', async () => {
    assert.deepEqual(await said(before), [
      [
        'Rule 1 of nat KUBE-SERVICES (RETURN) takes all that a rule of KUBE-SERVICES asks for, which never sees what goes to default/whoami.',
        'default/whoami',
        1,
      ],
    ]);
    assert.deepEqual(await said(pre('-j ACCEPT')), [
      [
        'Rule 1 of nat PREROUTING (ACCEPT) takes all that 2 rules of KUBE-SERVICES ask for, which never see what goes to default/whoami.',
        'default/whoami',
        2,
      ],
    ]);
  });
});
