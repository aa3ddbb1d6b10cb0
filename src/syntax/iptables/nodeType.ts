/**
 * The named nodes of syntaxes/tree-sitter-iptables (its README says what each
 * holds), and the two that every tree-sitter grammar has for broken text.
 * A test compares this list with the grammar's node-types.json.
 */
export const NODE_TYPES = [
  'dump',
  // lines of iptables-save and iptables -S
  'rule',
  'policy',
  'new_chain',
  'chain_command',
  'table',
  'chain',
  'commit',
  'comment',
  // lines of iptables -L
  'chain_header',
  'column_header',
  'listing_rule',
  'unknown_line',
  // parts of a line
  'option',
  'invalid',
  'missing_value',
  'command',
  'counters',
  'table_name',
  'chain_name',
  'policy_name',
  'option_name',
  'negation',
  'line_number',
  'packets',
  'bytes',
  'fragment',
  'listing_comment',
  // values
  'match_name',
  'target',
  'protocol',
  'interface',
  'address',
  'address_range',
  'address_list',
  'endpoint',
  'port',
  'port_range',
  'port_list',
  'number',
  'masked_number',
  'decimal',
  'probability',
  'rate',
  'flags',
  'set_name',
  'set_directions',
  'word',
  'string',
  'unterminated_string',
  // broken text
  'ERROR',
] as const;

export type NodeType = (typeof NODE_TYPES)[number];
