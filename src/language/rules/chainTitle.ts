import {
  endpointHashes,
  formatServicePortName,
  servicePortHashes,
  servicePortNamesIn,
  serviceProtocols,
  splitChainName,
} from '../../core/kubeproxy/names';
import type { DumpDocument } from '../../workspace/dumpDocument';

type ReadDump = Pick<DumpDocument, 'structure' | 'lines'>;

/** How many of a chain's rules are read for comments: kube-proxy names the Service in the first. */
const rulesRead = 4;

/**
 * `default/whoami:http`, or for an endpoint's chain `default/whoami:http -> 10.244.0.3:3000`, by
 * the comments of its own rules and of a rule that jumps to it, where they hash to its name.
 * Reads the text of a few lines and decodes no rule, so that thousands of chains can be listed.
 */
function chainTitle(dump: ReadDump, chain: number): string | undefined {
  const { chains } = dump.structure;
  const hashed = splitChainName(chains.name(chain));
  if (!hashed) return undefined;
  const near = [
    ...chains.rules(chain).subarray(0, rulesRead),
    ...chains.references(chain).subarray(0, 1),
  ];
  const texts = near.map((line) => dump.lines.line(line));
  const names = texts.flatMap((text) => servicePortNamesIn(commentOf(text)));
  if (hashed.prefix !== 'KUBE-SEP-') {
    const name = names.find((each) =>
      serviceProtocols.some((protocol) => servicePortHashes(each, protocol).includes(hashed.hash)),
    );
    return name && formatServicePortName(name);
  }
  const endpoint = texts.map(translationOf).find((found) => found !== undefined);
  if (endpoint === undefined) return undefined;
  const name = names.find((each) =>
    serviceProtocols.some((protocol) =>
      endpointHashes(each, protocol, endpoint).includes(hashed.hash),
    ),
  );
  return name ? `${formatServicePortName(name)} -> ${endpoint}` : endpoint;
}

/** How lists name a chain: by its Service first, `default/whoami:http  KUBE-SVC-DC3OOLRZIWFKJHLB`. */
export function chainLabel(dump: ReadDump, chain: number): string {
  const name = dump.structure.chains.name(chain);
  const title = chainTitle(dump, chain);
  return title === undefined ? name : `${title}  ${name}`;
}

/** `--comment "default/whoami cluster IP"`, or of a listing: the text between slash and star. */
function commentOf(text: string): string {
  const [, quoted, bare] =
    /^(?:"((?:[^"\\]|\\.)*)"|([^\s"]\S*))/.exec(behind(text, '--comment ') ?? '') ?? [];
  return quoted ?? bare ?? behind(text, '/* ')?.split(' */', 1)[0] ?? '';
}

/** What follows the first occurrence of a text. */
function behind(text: string, part: string): string | undefined {
  const at = text.indexOf(part);
  return at < 0 ? undefined : text.slice(at + part.length);
}

/** `-j DNAT --to-destination 10.244.0.3:3000`, or of a listing `to:10.244.0.3:3000`. */
function translationOf(text: string): string | undefined {
  return /(?:--to-destination |\bto:)(\S+)/.exec(text)?.[1];
}
