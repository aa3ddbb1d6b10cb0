/** Parts of a key, and operators in a row: a key has 64 bytes, of 4 each (NFT_REG32_COUNT). */
export const mostParts = 16;
