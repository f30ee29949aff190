const PE_OFFSET_AT = 0x3c;
const OPTIONAL_HEADER_AT = 24;
/** Offset of the data directories in the optional header of a 64-bit program (PE32+). */
const DIRECTORIES_AT = 112;
const CERTIFICATE_TABLE = 4;
const DIRECTORY_BYTES = 8;
const PE32_PLUS = 0x20b;

/**
 * Takes Node's own signature off a Windows program: with our payload inside it would be wrong, and Windows and virus
 * scanners distrust a wrong signature more than none. The certificate table is the last part of the file (PE format,
 * "The Attribute Certificate Table"). Throws when the bytes are no 64-bit Windows program.
 */
export function withoutAuthenticode(program: Buffer): Buffer {
  const pe = program.readUInt32LE(PE_OFFSET_AT);
  const optional = pe + OPTIONAL_HEADER_AT;
  if (program.toString('latin1', pe, pe + 4) !== 'PE\0\0' || program.readUInt16LE(optional) !== PE32_PLUS)
    throw new Error('not a 64-bit Windows program');
  const entry = optional + DIRECTORIES_AT + CERTIFICATE_TABLE * DIRECTORY_BYTES;
  const at = program.readUInt32LE(entry);
  const bytes = program.readUInt32LE(entry + 4);
  if (at === 0) return program;
  if (at + bytes !== program.length) throw new Error('the signature is not the last part of the program');
  const result = Buffer.from(program.subarray(0, at));
  result.fill(0, entry, entry + DIRECTORY_BYTES);
  return result;
}
