/** The token that proves a request comes from our own page. */
export function token(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csrf"]')?.content ?? "";
}

/** A word of the page's language, given in the page itself, so that texts stay in one place. */
export function word(name: string): string {
  return document.querySelector<HTMLMetaElement>(`meta[name="word-${name}"]`)?.content ?? "";
}
