import { stateModules } from './conntrack';
import { countingModules } from './counting';
import { extensionModules } from './extension';
import { headerModules } from './header';
import { icmpModules } from './icmp';
import type { MatchModule } from './module';
import { portModules } from './ports';
import { setModules } from './sets';

/** Every match of iptables-extensions(8) that is modelled, by the name after `-m`. */
export const matchModules: ReadonlyMap<string, MatchModule> = new Map(
  [
    portModules,
    icmpModules,
    stateModules,
    setModules,
    countingModules,
    headerModules,
    extensionModules,
  ].flatMap((modules) => Object.entries(modules)),
);
