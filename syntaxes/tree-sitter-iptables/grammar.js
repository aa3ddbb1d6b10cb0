/**
 * One line (or a few) of `iptables-save`, `iptables -S [-v]` or `iptables -L`.
 *
 * A dump is never parsed as a whole: the line index says where the rules are,
 * this grammar says what one rule is. So the tree is kept small: an option is
 * one node with at most four leaves, and a value is one leaf whose type says
 * what it is. README.md beside this file lists the nodes.
 *
 * Two lexer rules to keep in mind:
 * - No token has a lexical precedence. The longest match wins, and on a tie the
 *   rule that stands first in this file; `word` therefore stands last.
 * - Option names are keywords of `_option_word`, so `--dport` never swallows the
 *   beginning of `--dports`.
 */

// Loose on purpose: strict ones make a lexer of 60,000 lines. Core checks the octets.
const V4 = '\\d+\\.\\d+\\.\\d+\\.\\d+';
/** With a `::`, or eight groups; so neither a MAC address nor a time of day. */
const V6 =
  '([0-9a-fA-F]+(:[0-9a-fA-F]+)*::[0-9a-fA-F:.]*' +
  '|::[0-9a-fA-F:.]*' +
  '|[0-9a-fA-F]+(:[0-9a-fA-F]+){7})';

/** `NAME VALUE`, `NAME=VALUE` and the old order `NAME ! VALUE`. */
function option($, names, ...values) {
  return seq(
    field('name', alias(names.length === 1 ? names[0] : choice(...names), $.option_name)),
    optional(choice(token.immediate('='), field('negation', alias('!', $.negation)))),
    ...values,
  );
}

/** A value: one of the typed leaves, or whatever word or string stands there. */
function value($, ...types) {
  return field('value', choice(...types, $.word, $.string, $.unterminated_string));
}

const named = ($, name) =>
  field('value', choice(alias($.word, name), $.string, $.unterminated_string));

export default grammar({
  name: 'iptables',

  externals: ($) => [
    $._listing,
    $.line_number,
    $.packets,
    $.bytes,
    $._target_column,
    $._protocol_column,
    $.fragment,
    $._in_column,
    $._out_column,
    $._source_column,
    $._destination_column,
    $.column_header,
    $.unknown_line,
    $._error_sentinel,
  ],

  extras: () => [/[ \t\r\f\v]/],

  word: ($) => $._option_word,

  conflicts: ($) => [[$._generic_option]],

  rules: {
    dump: ($) => seq(optional($._line), repeat(seq('\n', optional($._line)))),

    _line: ($) =>
      choice(
        $.rule,
        $.policy,
        $.new_chain,
        $.chain_command,
        $.table,
        $.chain,
        $.commit,
        $.comment,
        $.chain_header,
        $.column_header,
        $.listing_rule,
        $.unknown_line,
      ),

    // ---- lines of iptables-save and iptables -S

    table: ($) => seq('*', field('name', alias($._name, $.table_name))),

    commit: () => 'COMMIT',

    comment: () => /#[^\n]*/,

    // :KUBE-SERVICES - [0:0]
    chain: ($) =>
      seq(
        ':',
        field('name', alias($._name, $.chain_name)),
        field('policy', alias($._name, $.policy_name)),
        optional(field('counters', $.counters)),
      ),

    // -P INPUT ACCEPT -c 0 0
    policy: ($) =>
      seq(
        field('command', alias(choice('-P', '--policy'), $.command)),
        field('chain', alias($.word, $.chain_name)),
        field('policy', alias($.word, $.policy_name)),
        optional(alias($._counters_option, $.option)),
      ),

    new_chain: ($) =>
      seq(
        field('command', alias(choice('-N', '--new-chain', '--new'), $.command)),
        field('name', alias($.word, $.chain_name)),
      ),

    // What is only in the input of iptables-restore: -F, -X, -Z, -E OLD NEW
    chain_command: ($) =>
      seq(
        field(
          'command',
          alias(
            choice(
              ...['-F', '--flush', '-X', '--delete-chain', '-Z', '--zero', '-E', '--rename-chain'],
            ),
            $.command,
          ),
        ),
        optional(
          seq(
            field('name', alias($.word, $.chain_name)),
            optional(field('new_name', alias($.word, $.chain_name))),
          ),
        ),
      ),

    rule: ($) =>
      seq(
        optional(field('counters', $.counters)),
        field(
          'command',
          alias(
            choice(
              ...['-A', '--append', '-I', '--insert', '-D', '--delete'],
              ...['-R', '--replace', '-C', '--check'],
            ),
            $.command,
          ),
        ),
        field('chain', alias($.word, $.chain_name)),
        optional(field('position', $.number)),
        repeat(choice($.option, $.invalid)),
      ),

    // [packets:bytes]
    counters: () => /\[\d+:\d+\]/,

    // A value where no option takes one: "Bad argument" to iptables.
    invalid: ($) =>
      prec(
        -1,
        choice(
          ...[$.number, $.masked_number, $.decimal, $.address],
          ...[$.word, $.string, $.unterminated_string],
        ),
      ),

    // ---- options

    option: ($) =>
      seq(
        optional(field('negation', alias('!', $.negation))),
        choice(
          $._match_option,
          $._target_option,
          $._protocol_option,
          $._address_option,
          $._interface_option,
          $._port_option,
          $._mark_option,
          $._probability_option,
          $._rate_option,
          $._flags_option,
          $._tcp_flags_option,
          $._set_option,
          $._nat_option,
          $._text_option,
          $._counters_option,
          $._generic_option,
        ),
      ),

    _match_option: ($) => option($, ['-m', '--match'], named($, $.match_name)),

    _target_option: ($) => option($, ['-j', '--jump', '-g', '--goto'], named($, $.target)),

    _protocol_option: ($) => option($, ['-p', '--protocol', '--proto'], named($, $.protocol)),

    _address_option: ($) =>
      option(
        $,
        [
          ...['-s', '--source', '--src', '-d', '--destination', '--dst'],
          ...['--src-range', '--dst-range', '--vaddr'],
          ...['--ctorigsrc', '--ctorigdst', '--ctreplsrc', '--ctrepldst'],
        ],
        value($, $.address, $.address_range, $.address_list),
      ),

    _interface_option: ($) =>
      option(
        $,
        [
          ...['-i', '--in-interface', '-o', '--out-interface'],
          ...['--physdev-in', '--physdev-out'],
        ],
        named($, $.interface),
      ),

    _port_option: ($) =>
      option(
        $,
        [
          ...['--sport', '--source-port', '--dport', '--destination-port'],
          ...['--sports', '--source-ports', '--dports', '--destination-ports'],
          ...['--ports', '--to-ports', '--vport', '--vportctl'],
          ...['--ctorigsrcport', '--ctorigdstport', '--ctreplsrcport', '--ctrepldstport'],
        ],
        value($, $.port, $.port_range, $.port_list),
      ),

    _mark_option: ($) =>
      option(
        $,
        [
          ...['--mark', '--set-mark', '--set-xmark', '--and-mark', '--or-mark', '--xor-mark'],
          ...['--nfmask', '--ctmask', '--mask'],
        ],
        value($, $.number, $.masked_number),
      ),

    _probability_option: ($) =>
      option($, ['--probability'], value($, alias(choice($.decimal, $.number), $.probability))),

    _rate_option: ($) =>
      option(
        $,
        ['--limit', '--hashlimit-upto', '--hashlimit-above', '--hashlimit'],
        value($, $.rate),
      ),

    // Comma separated words: states, address types
    _flags_option: ($) =>
      option(
        $,
        ['--ctstate', '--state', '--ctstatus', '--src-type', '--dst-type'],
        named($, $.flags),
      ),

    // mask, then the flags that are set
    _tcp_flags_option: ($) => option($, ['--tcp-flags'], named($, $.flags), named($, $.flags)),

    _set_option: ($) =>
      option(
        $,
        ['--match-set', '--add-set', '--del-set'],
        named($, $.set_name),
        named($, $.set_directions),
      ),

    // 10.244.0.3:3000, 10.0.0.1-10.0.0.9:1024-65535, [fd00::3]:80
    _nat_option: ($) =>
      option(
        $,
        ['--to-destination', '--to-source'],
        value($, $.address, $.address_range, $.endpoint),
      ),

    // Text may be any word, also one that looks like an option: --comment -j
    _text_option: ($) =>
      option(
        $,
        [
          ...['--comment', '--log-prefix', '--nflog-prefix', '--ulog-prefix'],
          ...['--string', '--hex-string', '--nfacct-name', '--u32', '--bytecode'],
        ],
        field('value', choice($.string, $.unterminated_string, alias($._text, $.word))),
      ),

    _counters_option: ($) =>
      seq(
        field('name', alias(choice('-c', '--set-counters'), $.option_name)),
        field('value', $.number),
        field('value', $.number),
      ),

    // An option this grammar does not know: it takes what follows.
    _generic_option: ($) =>
      seq(
        field('name', alias($._option_word, $.option_name)),
        optional(token.immediate('=')),
        repeat(
          choice(
            field('negation', alias('!', $.negation)),
            value($, $.number, $.masked_number, $.decimal, $.address),
          ),
        ),
      ),

    _option_word: () => /-[^\s=!"]*/,

    // ---- values

    number: () => /-?\d+|0[xX][0-9a-fA-F]+/,

    masked_number: () => /(\d+|0[xX][0-9a-fA-F]+)\/(\d+|0[xX][0-9a-fA-F]+)/,

    decimal: () => /\d+\.\d+/,

    // 3/min, 10/sec, 4kb/s
    rate: () => /\d+([kmg]?b)?\/[a-z]+/,

    port: () => /\d{1,5}/,

    port_range: () => /\d{1,5}:\d{0,5}|:\d{1,5}/,

    port_list: () => /\d{1,5}(:\d{1,5})?(,\d{1,5}(:\d{1,5})?)+/,

    // 10.0.0.1, 10.0.0.0/8, 10.0.0.0/255.0.0.0, fd00::/8, fd00::1/ffff::
    address: () => new RegExp(`(${V4}|${V6})(/[0-9a-fA-F.:]+)?`),

    address_range: () => /[0-9a-fA-F.:]+-[0-9a-fA-F.:]+/,

    address_list: () => /[^\s",!-][^\s",]*(,[^\s",]+)+/,

    endpoint: () => /[0-9.]*(-[0-9.]+)?:[^\s":]+|\[[^\]\s]+\](:\S+)?/,

    // iptables-save writes "..." with \" \' and \\ inside
    string: () => /"([^"\\\n]|\\[^\n])*"/,

    unterminated_string: () => /"([^"\\\n]|\\[^\n])*\\?/,

    // ---- lines of iptables -L

    chain_header: ($) =>
      seq(
        'Chain',
        field('name', alias($._name, $.chain_name)),
        choice(
          seq(
            '(policy',
            field('policy', alias(/[A-Z]+/, $.policy_name)),
            optional(
              seq(
                field('packets', alias($.counter, $.packets)),
                'packets,',
                field('bytes', alias($.counter, $.bytes)),
                'bytes',
              ),
            ),
          ),
          seq('(', field('references', $.number), 'references'),
        ),
        ')',
      ),

    // 876, 12K, 3M
    counter: () => /\d+[KMGTP]?/,

    listing_rule: ($) =>
      seq(
        $._listing,
        optional(field('line_number', $.line_number)),
        optional(seq(field('packets', $.packets), field('bytes', $.bytes))),
        optional(field('target', alias($._target_column, $.target))),
        field('protocol', alias($._protocol_column, $.protocol)),
        optional(field('fragment', $.fragment)),
        optional(
          seq(
            field('in', alias($._in_column, $.interface)),
            field('out', alias($._out_column, $.interface)),
          ),
        ),
        field('source', alias($._source_column, $.address)),
        field('destination', alias($._destination_column, $.address)),
        repeat(
          field(
            'text',
            choice(
              ...[$.listing_comment, $.number, $.masked_number, $.decimal],
              ...[$.string, $.unterminated_string],
              alias('!', $.negation),
              alias($._text, $.word),
            ),
          ),
        ),
      ),

    listing_comment: () => /\/\*([^*\n]|\*+[^*\/\n])*\*+\//,

    // ---- words, last so that typed values win a tie

    _name: () => /\S+/,

    word: () => /[^\s"!\-]\S*/,

    _text: () => /[^\s"]\S*/,
  },
});
