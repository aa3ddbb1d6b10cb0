import * as vscode from 'vscode';
import { dumpAtHand } from '../../workspace/dumpAtHand';

/** What a page is asked about. */
export interface Asked {
  /** One dump of each node. */
  readonly uris: readonly vscode.Uri[];
  /** Of several nodes. */
  readonly title?: string;
  /** `namespace/name`: of that Service alone. */
  readonly service?: string;
  /** Why nodes are left out: one sentence each. */
  readonly unread?: readonly string[];
}

/**
 * From a menu VS Code gives the file's address, our lenses and the explorer give what they stand
 * on, and the palette nothing: then the dump at hand is meant.
 *
 * @returns undefined where there is none, which the user has been told
 */
export async function readAsked(argument: unknown): Promise<Asked | undefined> {
  const given = argument instanceof vscode.Uri ? { uris: [argument] } : namedIn(argument);
  if (given.uris.length > 0 || given.unread) return given;
  const dump = await dumpAtHand();
  return dump && { ...given, uris: [dump] };
}

function namedIn(argument: unknown): Asked {
  const given = (argument ?? {}) as Readonly<Record<string, unknown>>;
  const { uri, uris = typeof uri === 'string' ? [uri] : [], service, title, unread } = given;
  const texts = (value: unknown) =>
    Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
  const reasons = texts(unread);
  return {
    uris: texts(uris).map((text) => vscode.Uri.parse(text, true)),
    ...(typeof service === 'string' ? { service } : {}),
    ...(typeof title === 'string' ? { title } : {}),
    ...(reasons.length > 0 ? { unread: reasons } : {}),
  };
}
