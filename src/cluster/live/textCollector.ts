/** Bytes that come in frames, kept as text. */
export interface TextCollector {
  readonly bytes: number;
  /** Whether a NUL byte came: no dump has one. */
  readonly binary: boolean;
  /** False once there are more bytes than the limit; they are not kept. */
  add(frame: Uint8Array): boolean;
  /** All text so far, in pieces. */
  end(): readonly string[];
}

/**
 * Decodes each frame as it comes, so that no large decode blocks at the end. Frames split
 * characters (seen with 1.36.2 at 32 KiB).
 *
 * @param limit in bytes
 */
export function textCollector(limit: number): TextCollector {
  const decoder = new TextDecoder();
  const parts: string[] = [];
  let bytes = 0;
  let binary = false;
  return {
    get bytes() {
      return bytes;
    },
    get binary() {
      return binary;
    },
    add(frame) {
      if (bytes + frame.length > limit) return false;
      bytes += frame.length;
      binary ||= frame.includes(0);
      if (frame.length > 0) parts.push(decoder.decode(frame, { stream: true }));
      return true;
    },
    end() {
      const rest = decoder.decode();
      if (rest !== '') parts.push(rest);
      return parts;
    },
  };
}
