/**
 * One line (or a few) of `iptables-save`, `iptables -S [-v]` or `iptables -L`.
 *
 * A dump is never parsed as a whole: the line index says where the rules are,
 * this grammar says what one rule is. So the tree is kept small: an option is
 * one node with at most four leaves, and a value is one leaf whose type says
 * what it is. README.md beside this file lists the nodes.
 *
 * Two lexer rules to keep in mind:
 * - No token but EQUALS has a lexical precedence. The longest match wins, and on a
 *   tie the rule that stands first in this file; `word` therefore stands last.
 * - Option names are no tokens of this file: src/scanner.c reads the name and looks
 *   it up in its table, which says what kind of value follows. (75 literals here
 *   made the lexer four times as large, and its first use a 20 ms affair.)
 */

// Loose on purpose: strict ones make a lexer of 60,000 lines. Core checks the octets.
const V4 = '\\d+\\.\\d+\\.\\d+\\.\\d+';
/** With a `::`, or eight groups; so neither a MAC address nor a time of day. */
const V6 =
  '([0-9a-fA-F]+(:[0-9a-fA-F]+)*::[0-9a-fA-F:.]*' +
  '|::[0-9a-fA-F:.]*' +
  '|[0-9a-fA-F]+(:[0-9a-fA-F]+){7})';

/**
 * The one token with a precedence: right behind a name, `=80` is no word. The words
 * of a listing that begin with `=` have a blank before them.
 */
const EQUALS = token.immediate(prec(1, '='));

/** `NAME VALUE`, `NAME=VALUE` and the old order `NAME ! VALUE`. */
function option($, name, ...values) {
  return seq(
    field('name', alias(name, $.option_name)),
    optional(choice(EQUALS, field('negation', alias($._value_negation, $.negation)))),
    ...values,
  );
}

/** What may stand in place of any value. */
const others = ($) => [$.string, $.unterminated_string, $.missing_value];

/** A value: one of the typed leaves, or whatever word or string stands there. */
function value($, ...types) {
  return field('value', choice(...types, $.word, ...others($)));
}

/** A value that is any word, under a name of its own. */
function named($, name) {
  return field('value', choice(alias($.word, name), ...others($)));
}

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
    // option names, by what follows them
    $._match_name,
    $._target_name,
    $._protocol_name,
    $._address_name,
    $._interface_name,
    $._port_name,
    $._mark_name,
    $._probability_name,
    $._rate_name,
    $._flags_name,
    $._tcp_flags_name,
    $._set_name,
    $._nat_name,
    $._text_name,
    $._counters_name,
    $._generic_name,
    // a ! before an option, and one before a value
    $.negation,
    $._value_negation,
    // empty: a line end or another option where a value has to stand
    $.missing_value,
    $._missing_text,
    $._error_sentinel,
  ],

  extras: () => [/[ \t\r\f\v]/],

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
        optional(field('negation', $.negation)),
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

    // -m, -j, -g, -p
    _match_option: ($) => option($, $._match_name, named($, $.match_name)),

    _target_option: ($) => option($, $._target_name, named($, $.target)),

    _protocol_option: ($) => option($, $._protocol_name, named($, $.protocol)),

    // -s, -d, --ctorigdst, --src-range
    _address_option: ($) =>
      option($, $._address_name, value($, $.address, $.address_range, $.address_list)),

    // -i, -o
    _interface_option: ($) => option($, $._interface_name, named($, $.interface)),

    // --dport, --sports, --to-ports
    _port_option: ($) => option($, $._port_name, value($, $.port, $.port_range, $.port_list)),

    // --mark, --set-xmark
    _mark_option: ($) => option($, $._mark_name, value($, $.number, $.masked_number)),

    _probability_option: ($) =>
      option($, $._probability_name, value($, alias(choice($.decimal, $.number), $.probability))),

    // --limit, --hashlimit-upto
    _rate_option: ($) => option($, $._rate_name, value($, $.rate)),

    // Comma separated words: --ctstate, --dst-type
    _flags_option: ($) => option($, $._flags_name, named($, $.flags)),

    // mask, then the flags that are set
    _tcp_flags_option: ($) => option($, $._tcp_flags_name, named($, $.flags), named($, $.flags)),

    // --match-set, --add-set
    _set_option: ($) => option($, $._set_name, named($, $.set_name), named($, $.set_directions)),

    // --to-destination 10.244.0.3:3000, --to-source 10.0.0.1-10.0.0.9:1024-65535
    _nat_option: ($) => option($, $._nat_name, value($, $.address, $.address_range, $.endpoint)),

    // Text may be any word, also one that looks like something else: --comment -j, --log-prefix !
    _text_option: ($) =>
      seq(
        field('name', alias($._text_name, $.option_name)),
        optional(EQUALS),
        field(
          'value',
          choice(
            ...[$.string, $.unterminated_string, alias($._text, $.word)],
            alias($._missing_text, $.missing_value),
          ),
        ),
      ),

    // -c 0 0; -c 0,0
    _counters_option: ($) =>
      seq(
        field('name', alias($._counters_name, $.option_name)),
        choice(
          seq(field('value', $.number), field('value', $.number)),
          field('value', alias($.word, $.counters)),
        ),
      ),

    // An option that is not in the scanner's table: it takes what follows.
    _generic_option: ($) =>
      prec.right(
        seq(
          field('name', alias($._generic_name, $.option_name)),
          optional(EQUALS),
          repeat(
            seq(
              optional(field('negation', alias($._value_negation, $.negation))),
              field(
                'value',
                choice(
                  ...[$.number, $.masked_number, $.decimal, $.address],
                  ...[$.word, $.string, $.unterminated_string],
                ),
              ),
            ),
          ),
        ),
      ),

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
