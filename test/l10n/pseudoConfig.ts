import { configKeys } from '../../src/core/proxyconfig/keys';
import { defaultHistory, releases } from '../../src/core/proxyconfig/keys/key';
import { valueInWords } from '../../src/core/proxyconfig/words';
import { configOf } from '../core/proxyconfig/variants';

type Say = (place: string, text: string) => void;

/** What the keys of a kube-proxy's configuration mean, and their defaults and choices. */
export function sayKeys(say: Say): void {
  for (const key of configKeys) {
    const said = [key.meaning, releases(key), defaultHistory(key)].filter(Boolean);
    say(`key ${key.path}`, said.join('. '));
    for (const { value } of key.values ?? []) {
      say(`${key.path}: ${value}`, valueInWords(configOf(`${key.path}: ${value}`), key.path) ?? '');
    }
  }
}
