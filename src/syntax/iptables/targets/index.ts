import { markTargets } from './mark';
import type { TargetModule } from './module';
import { natTargets } from './nat';
import { otherTargets } from './other';

/** Every target of iptables-extensions(8) that is modelled, by the name after `-j`. */
export const targetModules: ReadonlyMap<string, TargetModule> = new Map(
  [markTargets, natTargets, otherTargets].flatMap((modules) => Object.entries(modules)),
);
