/**
 * One statement (a line, or a few) of `nft list ruleset` and of nft's commands.
 *
 * A listing is never parsed as a whole: the line index says where the statements are, this grammar
 * what their words are. What a rule means, src/syntax/nft/statements reads from its text; here every
 * word has a type, and what belongs together is one node. README.md beside this file lists the nodes.
 *
 * It is total: a word that nft does not have is a `word`, so an error stays within its statement.
 */

const headers = [
  ...['ip', 'ip6', 'tcp', 'udp', 'sctp', 'dccp', 'udplite', 'th', 'icmp', 'icmpv6', 'ether'],
  ...['vlan', 'arp', 'ah', 'esp', 'comp', 'igmp', 'meta', 'ct', 'rt', 'socket', 'exthdr', 'frag'],
];

const bare = ['iifname', 'oifname', 'iif', 'oif', 'mark', 'skuid', 'skgid', 'pkttype'];

const fields = [
  ...['saddr', 'daddr', 'sport', 'dport', 'protocol', 'nexthdr', 'code', 'dscp', 'ecn', 'length'],
  ...['l4proto', 'nfproto', 'state', 'status', 'direction', 'helper', 'label', 'zone', 'id', 'ttl'],
  ...['hoplimit', 'checksum', 'proto-src', 'proto-dst', 'expiration', 'random', 'priority', 'spi'],
  ...['sequence', 'operation', 'taddr', 'version', 'cgroup', 'nftrace', 'transparent', 'count'],
  ...bare,
];

/** What conntrack counts of a connection: ct original packets. */
const counted = ['packets', 'bytes', 'avgpkt'];

/** Words of statements; what stands behind them are values. */
const keywords = [
  ...['packets', 'bytes', 'rate', 'over', 'until', 'burst', 'used', 'prefix', 'group', 'level'],
  ...['snaplen', 'num', 'bypass', 'to', 'with', 'timeout', 'expires', 'name', 'mod', 'offset'],
  ...['seed', 'addr', 'port', 'persistent', 'fully-random', 'random-fully', 'size', 'typeof'],
  ...['gc-interval', 'elements', 'auto-merge', 'original', 'reply', 'flags', 'oifkind', 'iifkind'],
];

/** What begins a statement that is no match and no verdict. */
const actions = [
  ...['counter', 'limit', 'quota', 'log', 'queue', 'update', 'meter', 'notrack', 'flow', 'dup'],
  ...['fwd', 'tproxy', 'synproxy', 'last', 'reset', 'reject'],
];

const V4 = '\\d+\\.\\d+\\.\\d+\\.\\d+';
const V6 =
  '([0-9a-fA-F]+(:[0-9a-fA-F]+)*::[0-9a-fA-F:.]*' +
  '|::[0-9a-fA-F:.]*' +
  '|[0-9a-fA-F]+(:[0-9a-fA-F]+){7})';

export default grammar({
  name: 'nft',

  extras: () => [/[ \t\r\f\v\u00a0\ufeff]/],

  word: ($) => $.word,

  rules: {
    listing: ($) => seq(optional($._line), repeat(seq('\n', optional($._line)))),

    _line: ($) =>
      choice($.table, $.block, $.base_chain, $.command, $.comment, $.property, $.statement),

    // table ip kube-proxy { # handle 1
    table: ($) =>
      prec.right(
        2,
        seq(
          'table',
          optional(
            field(
              'family',
              alias(choice('ip', 'ip6', 'inet', 'arp', 'bridge', 'netdev'), $.family),
            ),
          ),
          field('name', alias($.word, $.name)),
          '{',
          optional($.handle),
        ),
      ),

    // chain services {, set cluster-ips {
    block: ($) =>
      prec.right(
        2,
        seq(
          field('kind', alias(choice('chain', 'set', 'map', 'flowtable'), $.kind)),
          field('name', alias($.word, $.name)),
          '{',
          optional($.handle),
        ),
      ),

    // type nat hook prerouting priority dstnat - 10; policy accept;
    base_chain: ($) =>
      prec.right(
        2,
        seq(
          'type',
          field('type', alias(choice('filter', 'nat', 'route'), $.chain_type)),
          'hook',
          field('hook', alias($.word, $.hook)),
          optional(
            seq(choice('device', 'devices'), repeat1(choice($.string, $.word, '=', '{', '}', ','))),
          ),
          'priority',
          field('priority', $.priority),
          optional(';'),
          optional(
            seq(
              'policy',
              field('policy', alias(choice('accept', 'drop'), $.verdict)),
              optional(';'),
            ),
          ),
        ),
      ),

    priority: ($) =>
      choice(
        $.number,
        $.negative,
        seq($.word, optional(choice(seq(choice('+', '-'), $.number), $.negative))),
      ),

    // type ipv4_addr . inet_proto : verdict
    property: ($) =>
      prec.right(
        2,
        seq('type', choice($.type_name, $.string), repeat(choice('.', ':', ';', $.type_name))),
      ),

    type_name: ($) => choice($.word, alias('mark', $.word)),

    // add rule ip nat postrouting masquerade
    command: ($) =>
      prec.right(
        2,
        seq(
          optional('nft'),
          field(
            'verb',
            alias(choice('add', 'insert', 'create', 'delete', 'destroy', 'flush'), $.verb),
          ),
          field(
            'object',
            alias(choice('table', 'chain', 'rule', 'set', 'map', 'element'), $.object),
          ),
          field('family', alias(choice('ip', 'ip6', 'inet', 'arp', 'bridge', 'netdev'), $.family)),
          field('table', alias($.word, $.name)),
          optional(field('name', alias($.word, $.name))),
          repeat($._part),
        ),
      ),

    statement: ($) => prec.right(repeat1($._part)),

    _part: ($) =>
      choice(
        ...[$.verdict, $.jump, $.nat, $.selector, $.fib, $.numgen, $.hash, $.lookup, $.assignment],
        ...[$.action, $.keyword, $.rule_comment, $.extension, $.hidden, $.handle, $.operator],
        ...[$.set_reference, $.string, $.number, $.negative, $.address, $.interval, $.endpoint],
        ...[$.rate, $.literal, $.word],
        alias(choice(...headers, 'inet', 'bridge', 'netdev'), $.word),
        ...['{', '}', '(', ')', ',', '.', ':', ';', '='],
      ),

    // accept, drop; goto service-LX3JQ64U-default/whoami/tcp/
    verdict: () => choice('accept', 'drop', 'return', 'continue'),

    jump: ($) => seq(choice('jump', 'goto'), field('chain', alias($.word, $.chain_name))),

    nat: () => choice('dnat', 'snat', 'masquerade', 'redirect'),

    // ip saddr, meta mark, ct original ip daddr, iifname
    selector: ($) =>
      prec.right(
        1,
        choice(
          seq(
            choice(...headers),
            optional(seq(choice('original', 'reply'), optional(choice('ip', 'ip6')))),
            alias(choice(...fields, ...counted, 'type', 'flags'), $.field),
          ),
          alias(choice(...bare), $.field),
        ),
      ),

    // fib daddr . iif type
    fib: ($) =>
      prec.right(
        1,
        seq(
          'fib',
          alias(choice('saddr', 'daddr', 'mark', 'iif', 'oif'), $.field),
          repeat(seq('.', alias(choice('saddr', 'daddr', 'mark', 'iif', 'oif'), $.field))),
          alias(choice('type', 'oif', 'oifname', 'check'), $.field),
        ),
      ),

    // numgen random mod 3 offset 1
    numgen: ($) =>
      prec.right(
        1,
        seq('numgen', choice('random', 'inc'), 'mod', $.number, optional(seq('offset', $.number))),
      ),

    hash: () => choice('jhash', 'symhash'),

    lookup: () => choice('map', 'vmap'),

    assignment: () => 'set',

    action: () => choice(...actions, 'add', 'delete'),

    keyword: () => choice(...keywords),

    // comment "masquerade"
    rule_comment: ($) => prec.right(seq('comment', optional($.string))),

    // xt match "physdev", xt target MASQUERADE
    extension: ($) => seq('xt', choice('match', 'target'), choice($.string, $.word)),

    // What old versions print of a part of iptables-nft.
    hidden: () =>
      token(
        prec(
          1,
          /# ?(match-set [^ \n]+ [^ \n]+|socket --[a-z]+|TPROXY[^\n]*|xt_[a-z]+|PHYSDEV match [^ \n]+)/,
        ),
      ),

    handle: () => token(prec(2, /# handle \d+/)),

    comment: () => token(prec(-1, /#[^\n]*/)),

    operator: () => choice('==', '!=', '<=', '>=', '<<', '>>', '<', '>', '&', '|', '^', '!', '/'),

    set_reference: () => /@[^\s{}(),;"]+/,

    string: () => /"[^"\n]*"?/,

    number: () => /\d+|0x[0-9a-fA-F]+/,

    negative: () => /-\d+/,

    // 10.0.0.0/8, fd00::/64
    address: () => new RegExp(`(${V4}|${V6})(/\\d{1,3})?`),

    // 22-23, 10.0.0.1-10.0.0.9, fd00::1-fd00::9
    interval: () => new RegExp(`([0-9][0-9a-fA-F.:]*|${V6})-[0-9a-fA-F.:]+`),

    // 10.244.0.3:3000, [fd00::3]:80, :15006
    endpoint: () => /[0-9.]*(-[0-9.]+)?:[0-9]+(-[0-9]+)?|\[[0-9a-fA-F:.]+\](:[0-9-]+)?/,

    // 10/second, 9m49s480ms
    rate: () => /\d+\/[a-z]+|(\d+(ms|[wdhms]))+/,

    /** What begins with a digit or a bracket, and is nothing of these. */
    literal: () => token(prec(-2, /[0-9\[*+\]'\\][^\s{}(),;"]*/)),

    word: () => /[A-Za-z_][A-Za-z0-9_\/.*+-]*/,
  },
});
