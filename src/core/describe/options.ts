import { basicAliases, basicOptions } from './basicOptions';
import { matchExtensions, type Extension } from './matchOptions';
import { targetExtensions } from './targetOptions';

/** A sentence on a name or an option, and where the facts are from. */
export interface Description {
  readonly sentence: string;
  /** `iptables(8)`, `iptables-extensions(8), conntrack`. */
  readonly source: string;
}

export function describeMatchName(name: string): Description | undefined {
  return ofExtension(matchExtensions, name);
}

/** ACCEPT, MARK, DNAT; undefined for a chain. */
export function describeTargetName(name: string): Description | undefined {
  return ofExtension(targetExtensions, name);
}

/**
 * An option as written, `-d` or `--ctstate`. `extension` is the match or target that it stands
 * behind: `--mark` is another option of mark than of connmark. Without it every extension is asked.
 */
export function describeOption(option: string, extension?: string): Description | undefined {
  for (const extensions of [matchExtensions, targetExtensions]) {
    if (extension === undefined || !Object.hasOwn(extensions, extension)) continue;
    const found = ofOption(extension, extensions[extension]!, option);
    if (found) return found;
  }
  const short = Object.hasOwn(basicAliases, option) ? basicAliases[option]! : option;
  if (Object.hasOwn(basicOptions, short)) {
    return { sentence: basicOptions[short]!, source: 'iptables(8)' };
  }
  for (const extensions of [matchExtensions, targetExtensions]) {
    for (const [name, candidate] of Object.entries(extensions)) {
      const found = ofOption(name, candidate, option);
      if (found) return found;
    }
  }
  return undefined;
}

function ofExtension(
  extensions: Readonly<Record<string, Extension>>,
  name: string,
): Description | undefined {
  if (!Object.hasOwn(extensions, name)) return undefined;
  const verdict = /^(?:ACCEPT|DROP|RETURN|QUEUE)$/.test(name);
  const source = verdict ? 'iptables(8)' : `iptables-extensions(8), ${name}`;
  return { sentence: extensions[name]!.sentence, source };
}

function ofOption(name: string, { options }: Extension, option: string): Description | undefined {
  if (!Object.hasOwn(options, option)) return undefined;
  return { sentence: options[option]!, source: `iptables-extensions(8), ${name}` };
}
