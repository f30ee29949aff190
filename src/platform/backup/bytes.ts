/** A stream of bytes: a Node stream, or a generator. */
export type Bytes = AsyncIterable<Buffer>;

/** Takes bytes off a stream in the portions that a format wants. */
export class ByteReader {
  private held: Buffer[] = [];
  private size = 0;
  private readonly input: AsyncIterator<Buffer>;

  constructor(source: Bytes) {
    this.input = source[Symbol.asyncIterator]();
  }

  /** Exactly so many bytes; undefined when the stream ends before. */
  async take(bytes: number): Promise<Buffer | undefined> {
    while (this.size < bytes) {
      const next = await this.input.next();
      if (next.done) return undefined;
      this.held.push(next.value);
      this.size += next.value.length;
    }
    const all = this.held.length === 1 ? (this.held[0] as Buffer) : Buffer.concat(this.held);
    this.held = bytes < all.length ? [all.subarray(bytes)] : [];
    this.size -= bytes;
    return all.subarray(0, bytes);
  }

  /** Whether nothing follows. */
  async ended(): Promise<boolean> {
    if (this.size > 0) return false;
    const next = await this.input.next();
    if (next.done) return true;
    if (next.value.length === 0) return this.ended();
    this.held.push(next.value);
    this.size += next.value.length;
    return false;
  }

  async close(): Promise<void> {
    await this.input.return?.();
  }
}
