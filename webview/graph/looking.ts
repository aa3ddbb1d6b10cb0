import type { Layout, Point, Size } from '../layout/placed';
import { endOf, startOf } from './ends';
import type { Minimap } from './minimap';
import { createMotion, type Motion } from './motion';
import { firstLook, fit, reveal, zoomAt, type View } from './viewport';

/** What part of the graph is seen in the panel. Until the user zooms or pans, it follows the panel's size. */
export class Looking {
  private readonly motion: Motion;
  private layout: Layout | undefined;
  private minimap: Minimap | undefined;
  private follows: 'first' | 'fit' | undefined = 'first';
  private now: View = { scale: 1, x: 0, y: 0 };

  constructor(
    private readonly panel: HTMLElement,
    graph: SVGSVGElement,
    scene: SVGGElement,
    private readonly viewed: (view: View) => void,
  ) {
    this.motion = createMotion(graph, scene);
  }

  get view(): View {
    return this.now;
  }

  get panelSize(): Size {
    return { width: this.panel.clientWidth, height: this.panel.clientHeight };
  }

  /** Another layout is drawn: the place that is looked at stays unless `look` asks for a first look. */
  show(layout: Layout, minimap: Minimap | undefined, look: 'first' | 'same'): void {
    this.layout = layout;
    this.minimap = minimap;
    if (look === 'first') this.follows = 'first';
    this.follow();
  }

  /** The panel has another size. */
  follow(): void {
    this.look(this.layout ? this.followed(this.layout) : this.now);
  }

  fit(): void {
    this.follows = 'fit';
    if (this.layout) this.follow();
  }

  /** Moves so little that the box is seen. */
  reveal(box: Size & Point): void {
    this.look(reveal(this.now, box, this.panelSize));
  }

  /** Zooms about the middle of the panel. */
  zoom(factor: number): void {
    const { width, height } = this.panelSize;
    this.touch(zoomAt(this.now, factor, { x: width / 2, y: height / 2 }));
  }

  /** Brings a point of the graph to the middle of the panel. */
  centre({ x, y }: Point): void {
    const { width, height } = this.panelSize;
    const { scale } = this.now;
    this.touch({ scale, x: width / 2 - x * scale, y: height / 2 - y * scale });
  }

  /** The user's hand moves the graph. */
  touch(to: View): void {
    this.follows = undefined;
    this.now = to;
    this.motion.move(to);
    this.tell();
  }

  private look(to: View): void {
    this.now = to;
    this.motion.settle(to);
    this.tell();
  }

  private tell(): void {
    this.minimap?.show(this.now, this.panelSize);
    this.viewed(this.now);
  }

  private followed(layout: Layout): View {
    const panel = this.panelSize;
    if (this.follows === 'first') {
      return firstLook(layout, panel, startOf(layout), endOf(layout, panel));
    }
    return this.follows === 'fit' ? fit(layout, panel) : this.now;
  }
}
