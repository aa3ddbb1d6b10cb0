import { withPort } from '../address';
import type { Header } from './trace';

/** `10.244.1.7:40000 > 10.96.0.10:53`; a port that the kernel chooses at random is `?`. */
export function headerText(header: Header): string {
  const { source, sourcePort, sourcePorts, destination, destinationPort } = header;
  const from = sourcePorts ? `${withPort(source, undefined)}:?` : withPort(source, sourcePort);
  return `${from} > ${withPort(destination, destinationPort)}`;
}
