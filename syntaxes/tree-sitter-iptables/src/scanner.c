/**
 * What a grammar can not decide from the next characters alone: what kind of line
 * this is, the columns of an `iptables -L` rule, and what kind of option this is.
 *
 * A listing rule has no keyword at its beginning and leaves columns out (no
 * target, no counters without -v, no number without --line-numbers), so only a
 * look at the whole line tells which word is which column. `_listing` is an
 * empty token that holds that decision; the column tokens follow from it.
 *
 *   num   pkts bytes target     prot opt in     out     source     destination
 *   1        0     0 KUBE-SVC-X  6    --  *      *      !10.0.0.0/8  10.96.0.1
 */
#include "tree_sitter/parser.h"

enum Token {
  LISTING,
  LINE_NUMBER,
  PACKETS,
  BYTES,
  TARGET,
  PROTOCOL,
  FRAGMENT,
  IN,
  OUT,
  SOURCE,
  DESTINATION,
  COLUMN_HEADER,
  UNKNOWN_LINE,
  MATCH,
  JUMP,
  PROTOCOL_OPTION,
  ADDRESS,
  INTERFACE,
  PORT,
  MARK,
  PROBABILITY,
  RATE,
  FLAGS,
  TCP_FLAGS,
  SET,
  NAT,
  TEXT,
  COUNTERS,
  GENERIC,
  NEGATION,
  VALUE_NEGATION,
  MISSING_VALUE,
  MISSING_TEXT,
  ERROR_SENTINEL,
};

/** What follows an option. One that is not here takes whatever stands up to the next option. */
static const struct {
  const char *name;
  enum Token takes;
} options[] = {
    {"-m", MATCH},
    {"--match", MATCH},
    {"-j", JUMP},
    {"--jump", JUMP},
    {"-g", JUMP},
    {"--goto", JUMP},
    {"-p", PROTOCOL_OPTION},
    {"--protocol", PROTOCOL_OPTION},
    {"--proto", PROTOCOL_OPTION},
    {"-s", ADDRESS},
    {"--source", ADDRESS},
    {"--src", ADDRESS},
    {"-d", ADDRESS},
    {"--destination", ADDRESS},
    {"--dst", ADDRESS},
    {"--src-range", ADDRESS},
    {"--dst-range", ADDRESS},
    {"--vaddr", ADDRESS},
    {"--ctorigsrc", ADDRESS},
    {"--ctorigdst", ADDRESS},
    {"--ctreplsrc", ADDRESS},
    {"--ctrepldst", ADDRESS},
    {"-i", INTERFACE},
    {"--in-interface", INTERFACE},
    {"-o", INTERFACE},
    {"--out-interface", INTERFACE},
    {"--physdev-in", INTERFACE},
    {"--physdev-out", INTERFACE},
    {"--dport", PORT},
    {"--destination-port", PORT},
    {"--sport", PORT},
    {"--source-port", PORT},
    {"--dports", PORT},
    {"--destination-ports", PORT},
    {"--sports", PORT},
    {"--source-ports", PORT},
    {"--ports", PORT},
    {"--to-ports", PORT},
    {"--vport", PORT},
    {"--vportctl", PORT},
    {"--ctorigsrcport", PORT},
    {"--ctorigdstport", PORT},
    {"--ctreplsrcport", PORT},
    {"--ctrepldstport", PORT},
    {"--mark", MARK},
    {"--set-mark", MARK},
    {"--set-xmark", MARK},
    {"--and-mark", MARK},
    {"--or-mark", MARK},
    {"--xor-mark", MARK},
    {"--nfmask", MARK},
    {"--ctmask", MARK},
    {"--probability", PROBABILITY},
    {"--limit", RATE},
    {"--hashlimit", RATE},
    {"--hashlimit-upto", RATE},
    {"--hashlimit-above", RATE},
    {"--ctstate", FLAGS},
    {"--state", FLAGS},
    {"--ctstatus", FLAGS},
    {"--src-type", FLAGS},
    {"--dst-type", FLAGS},
    {"--tcp-flags", TCP_FLAGS},
    {"--match-set", SET},
    {"--add-set", SET},
    {"--del-set", SET},
    {"--to-destination", NAT},
    {"--to-source", NAT},
    {"--comment", TEXT},
    {"--log-prefix", TEXT},
    {"--nflog-prefix", TEXT},
    {"--ulog-prefix", TEXT},
    {"--string", TEXT},
    {"--hex-string", TEXT},
    {"--nfacct-name", TEXT},
    {"--u32", TEXT},
    {"--bytecode", TEXT},
    {"-c", COUNTERS},
    {"--set-counters", COUNTERS},
};

#define BIT(token) (1u << (token))
#define MAX_WORDS 11
#define MAX_LENGTH 8

/** The columns of the current listing rule that are still to come, as BIT(token). */
typedef struct {
  uint16_t columns;
} Scanner;

/** One file's instance: tree-sitter asks for it before every parse. */
static Scanner scanner;

typedef struct {
  char text[MAX_LENGTH + 1]; /* its first characters, for the words we know */
  bool digits;               /* 876 */
  bool counter;              /* 876, 12K */
  bool address;              /* ::1, fd00::/8, anywhere: a column of ip6tables -L */
} Word;

static bool blank(int32_t c) { return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v'; }

static bool line_end(TSLexer *lexer) { return lexer->lookahead == '\n' || lexer->eof(lexer); }

static bool same(const char *a, const char *b) {
  while (*a && *a == *b) a++, b++;
  return *a == *b;
}

static bool one_of(int32_t c, const char *set) {
  for (; *set; set++) if (c == *set) return true;
  return false;
}

static Word read_word(TSLexer *lexer) {
  Word word = {{0}, true, true, false};
  unsigned length = 0, colons = 0;
  bool adjacent = false, hex = true;
  int32_t previous = 0;
  while (!line_end(lexer) && !blank(lexer->lookahead)) {
    int32_t c = lexer->lookahead;
    bool digit = c >= '0' && c <= '9';
    if (!word.digits) word.counter = false;
    if (!digit) {
      if (length == 0 || !one_of(c, "KMGTP")) word.counter = false;
      word.digits = false;
    }
    if (c == ':') colons++, adjacent = adjacent || previous == ':';
    else if (!digit && !one_of(c, "abcdefABCDEF/.") && !(c == '!' && length == 0)) hex = false;
    word.text[length < MAX_LENGTH ? length : MAX_LENGTH] = length < MAX_LENGTH && c < 128 ? (char)c : 0;
    length++;
    previous = c;
    lexer->advance(lexer, false);
  }
  word.address = (hex && (adjacent || colons == 7)) || (length == 8 && same(word.text, "anywhere"));
  return word;
}

static bool fragment_word(const Word *word) {
  return same(word->text, "--") || same(word->text, "-f") || same(word->text, "!f");
}

/** The columns before `prot` for `count` words that stand there; 0 = no such layout. */
static uint16_t leading_columns(const Word *words, unsigned count) {
  uint16_t counters = BIT(PACKETS) | BIT(BYTES);
  bool first_two = count >= 2 && words[0].counter && words[1].counter;
  switch (count) {
    case 0: return BIT(PROTOCOL);
    case 1: return BIT(PROTOCOL) | (words[0].digits ? BIT(LINE_NUMBER) : BIT(TARGET));
    case 2:
      if (first_two) return BIT(PROTOCOL) | counters;
      return words[0].digits ? BIT(PROTOCOL) | BIT(LINE_NUMBER) | BIT(TARGET) : 0;
    case 3:
      if (first_two && words[2].counter) return BIT(PROTOCOL) | BIT(LINE_NUMBER) | counters;
      return first_two ? BIT(PROTOCOL) | counters | BIT(TARGET) : 0;
    case 4:
      return first_two && words[2].counter ? BIT(PROTOCOL) | BIT(LINE_NUMBER) | counters | BIT(TARGET) : 0;
    default: return 0;
  }
}

/** The columns of a listing rule, or 0 when the words are no listing rule. */
static uint16_t layout(const Word *words, unsigned count) {
  for (unsigned i = 1; i < count && i <= 5; i++) {
    if (!fragment_word(&words[i])) continue;
    uint16_t columns = leading_columns(words, i - 1);
    if (!columns) return 0;
    columns |= BIT(FRAGMENT) | BIT(SOURCE) | BIT(DESTINATION);
    if (columns & BIT(PACKETS)) columns |= BIT(IN) | BIT(OUT);
    return columns;
  }
  /* ip6tables before 1.8.9 leaves `opt` blank: the two addresses show where we are. */
  for (unsigned i = 1; i + 1 < count; i++) {
    if (!words[i].address || !words[i + 1].address) continue;
    bool verbose = i >= 5 && words[0].counter && words[1].counter;
    uint16_t columns = leading_columns(words, i - 1 - (verbose ? 2 : 0));
    if (!columns || ((columns & BIT(PACKETS)) != 0) != verbose) return 0;
    return columns | BIT(SOURCE) | BIT(DESTINATION) | (verbose ? BIT(IN) | BIT(OUT) : 0);
  }
  return 0;
}

static bool letter(int32_t c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

/** Whether a line that begins with these two characters is one of iptables-save's. */
static bool saved(int32_t first, int32_t second) {
  switch (first) {
    case '#':
    case ':': return true;
    case '*': return letter(second);
    case '[': return second >= '0' && second <= '9'; /* not a prompt: [root@node ~]# */
    case '-': return letter(second) || second == '-'; /* not ipvsadm's -> */
    default: return false;
  }
}

/** At the beginning of a line: decide its kind, unless its first characters already do. */
static bool scan_line(TSLexer *lexer, const bool *valid) {
  while (blank(lexer->lookahead)) lexer->advance(lexer, true);
  if (line_end(lexer)) return false;
  lexer->mark_end(lexer);
  int32_t first = lexer->lookahead;
  if (one_of(first, "#:*[-")) {
    lexer->advance(lexer, false);
    if (saved(first, lexer->lookahead)) return false;
  }
  Word words[MAX_WORDS];
  unsigned count = 0;
  while (!line_end(lexer)) {
    Word word = read_word(lexer);
    if (count < MAX_WORDS) words[count++] = word;
    while (blank(lexer->lookahead)) lexer->advance(lexer, false);
  }
  if (count == 1 && same(words[0].text, "COMMIT")) return false;
  if (count >= 3 && same(words[0].text, "Chain")) return false;
  uint16_t columns = layout(words, count);
  if (columns && valid[LISTING]) {
    scanner.columns = columns;
    lexer->result_symbol = LISTING;
    return true;
  }
  lexer->mark_end(lexer);
  lexer->result_symbol = UNKNOWN_LINE;
  for (unsigned i = 0; i + 2 < count && i < 4; i++) {
    if (same(words[i].text, "target") && same(words[i + 1].text, "prot") && same(words[i + 2].text, "opt"))
      lexer->result_symbol = COLUMN_HEADER;
  }
  return valid[lexer->result_symbol];
}

/** The next column of a listing rule: one word. */
static bool scan_column(TSLexer *lexer, const bool *valid) {
  unsigned column = LINE_NUMBER;
  while (column <= DESTINATION && !(scanner.columns & BIT(column))) column++;
  if (column > DESTINATION || !valid[column]) return false;
  while (blank(lexer->lookahead)) lexer->advance(lexer, true);
  if (line_end(lexer)) return false;
  while (!line_end(lexer) && !blank(lexer->lookahead)) lexer->advance(lexer, false);
  lexer->mark_end(lexer);
  scanner.columns &= (uint16_t)~BIT(column);
  lexer->result_symbol = (TSSymbol)column;
  return true;
}

/**
 * What comes before a value: nothing at all, where one has to be, or a `!`. Text may begin
 * with `-`: --comment -j
 */
static bool scan_before_value(TSLexer *lexer, const bool *valid) {
  lexer->mark_end(lexer);
  while (blank(lexer->lookahead)) lexer->advance(lexer, true);
  if (lexer->lookahead == '!' && valid[VALUE_NEGATION]) {
    lexer->advance(lexer, false);
    lexer->mark_end(lexer);
    lexer->result_symbol = VALUE_NEGATION;
    return true;
  }
  bool missing = line_end(lexer);
  if (!missing && valid[MISSING_VALUE] && lexer->lookahead == '-') {
    lexer->advance(lexer, false);
    missing = letter(lexer->lookahead) || lexer->lookahead == '-';
  }
  lexer->result_symbol = valid[MISSING_VALUE] ? MISSING_VALUE : MISSING_TEXT;
  return missing;
}

/** A `!`: what is behind it says whether it belongs to an option, or to a value. */
static bool scan_negation(TSLexer *lexer, const bool *valid) {
  lexer->advance(lexer, false);
  lexer->mark_end(lexer);
  while (blank(lexer->lookahead)) lexer->advance(lexer, false);
  bool option = line_end(lexer);
  if (lexer->lookahead == '-') {
    lexer->advance(lexer, false);
    option = lexer->lookahead < '0' || lexer->lookahead > '9';
  }
  lexer->result_symbol = option || !valid[VALUE_NEGATION] ? NEGATION : VALUE_NEGATION;
  return valid[lexer->result_symbol];
}

#define LONGEST_NAME 24

/** A `!`, or the name of an option, as far as `=` in `--dport=80`. Neither `-1` nor `--` is one. */
static bool scan_option(TSLexer *lexer, const bool *valid) {
  while (blank(lexer->lookahead)) lexer->advance(lexer, true);
  if (lexer->lookahead == '!') return scan_negation(lexer, valid);
  if (lexer->lookahead != '-') return false;
  char name[LONGEST_NAME + 1] = {0};
  unsigned length = 0;
  bool number = true, dashes = true;
  while (!line_end(lexer) && !blank(lexer->lookahead) && !one_of(lexer->lookahead, "=\"!")) {
    int32_t c = lexer->lookahead;
    if (length > 0 && (c < '0' || c > '9')) number = false;
    if (c != '-') dashes = false;
    if (length < LONGEST_NAME) name[length] = c < 128 ? (char)c : '?';
    length++;
    lexer->advance(lexer, false);
  }
  if (number || dashes) return false;
  lexer->mark_end(lexer);
  lexer->result_symbol = GENERIC;
  for (unsigned i = 0; i < sizeof options / sizeof *options; i++) {
    /* The third character tells most of them apart. */
    if (options[i].name[2] != name[2] || !same(options[i].name, name)) continue;
    lexer->result_symbol = (TSSymbol)options[i].takes;
    break;
  }
  return valid[lexer->result_symbol];
}

void *tree_sitter_iptables_external_scanner_create(void) { return &scanner; }

void tree_sitter_iptables_external_scanner_destroy(void *payload) { (void)payload; }

unsigned tree_sitter_iptables_external_scanner_serialize(void *payload, char *buffer) {
  (void)payload;
  buffer[0] = (char)(scanner.columns & 0xff);
  buffer[1] = (char)(scanner.columns >> 8);
  return 2;
}

void tree_sitter_iptables_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {
  (void)payload;
  scanner.columns = length == 2 ? (uint16_t)((uint8_t)buffer[0] | (uint8_t)buffer[1] << 8) : 0;
}

bool tree_sitter_iptables_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid) {
  (void)payload;
  if (valid[ERROR_SENTINEL]) return false;
  if (valid[UNKNOWN_LINE]) return scan_line(lexer, valid);
  if (scanner.columns) return scan_column(lexer, valid);
  if (valid[MISSING_VALUE] || valid[MISSING_TEXT]) return scan_before_value(lexer, valid);
  return (valid[GENERIC] || valid[COUNTERS]) && scan_option(lexer, valid);
}
