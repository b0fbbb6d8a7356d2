import type { Layout, ProfileColumn } from '../api/intake-types';

/** How far somebody had come with a layout that is not saved. */
export interface LayoutDraft {
  layout: Layout;
  /** What it was begun from: it differs where another number of header rows was chosen. */
  begun: { layout: Layout; columns: ProfileColumn[]; doubts: string[] };
}

/** Layouts that are not saved, by return: they are still there for whoever leaves the page and comes back. */
export const drafts = new Map<number, LayoutDraft>();
