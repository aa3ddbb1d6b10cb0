/**
 * Puts an entry last in a map and takes out the first ones beyond `most`: who asks for one puts it
 * anew, so that those not asked for longest go.
 *
 * @returns What was taken out.
 */
export function keepLatest<Key, Value>(
  map: Map<Key, Value>,
  key: Key,
  value: Value,
  most: number,
): readonly Value[] {
  map.delete(key);
  map.set(key, value);
  const gone: Value[] = [];
  for (const [oldest, one] of map) {
    if (map.size <= most) break;
    map.delete(oldest);
    gone.push(one);
  }
  return gone;
}
