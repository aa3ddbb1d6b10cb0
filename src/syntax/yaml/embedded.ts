import type { YamlNode, YamlProblem, YamlScalar } from './node';
import type { ParsedYaml, Placement } from './parse';

/** A YAML document in a string of another: `data['config.conf']` of kube-proxy's ConfigMap. */
export interface EmbeddedYaml {
  readonly root: YamlNode | undefined;
  readonly problems: readonly YamlProblem[];
  /**
   * Whether the ranges are those of the values themselves, as in a block scalar with `|`. In a quoted
   * or folded string each is the range of the whole string.
   */
  readonly exact: boolean;
}

/**
 * Parses the document in a string.
 *
 * @param text the whole text that `scalar` is of
 * @param parse `parseYaml`
 */
export function embeddedYaml(
  scalar: YamlScalar,
  text: string,
  parse: (text: string) => ParsedYaml,
): EmbeddedYaml {
  const { range, style } = scalar;
  const ofValue = parse(typeof scalar.value === 'string' ? scalar.value : '');
  if (style === 'block' && text[range.start] === '|') {
    // All its lines are indented alike, so that they are YAML as they stand.
    const start = text.indexOf('\n', range.start) + 1;
    const parsed = parse(text.slice(start, range.end));
    if (parsed.intact || !ofValue.intact) return embedded(parsed, start, true);
  }
  return embedded(ofValue, range, false);
}

function embedded(parsed: ParsedYaml, placement: Placement, exact: boolean): EmbeddedYaml {
  return { root: parsed.root(placement), problems: parsed.problems(placement), exact };
}
