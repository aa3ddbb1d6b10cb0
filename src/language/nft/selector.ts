import type { DocumentSelector } from 'vscode';

export const nftListings: DocumentSelector = { language: 'nft-listing' };
