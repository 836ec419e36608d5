// A passkey is asked of the browser, and what it gives goes into the hidden fields of an ordinary form. Without script,
// or in a browser that knows no passkeys, the element stays hidden and the other way remains.

const bytes = (text: string): ArrayBuffer => {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0)).buffer;
};

const text = (buffer: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

type Named = { type: "public-key"; id: string };

const named = (list: Named[] = []): PublicKeyCredentialDescriptor[] => list.map((one) => ({ ...one, id: bytes(one.id) }));

class Passkey extends HTMLElement {
  connectedCallback(): void {
    const form = this.querySelector("form");
    if (!form || !window.PublicKeyCredential) return;
    this.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.ask(form);
    });
  }

  private async ask(form: HTMLFormElement): Promise<void> {
    const options = JSON.parse(this.dataset.options ?? "{}");
    const failed = this.querySelector<HTMLElement>(".passkey-failed");
    try {
      const found = this.dataset.act === "create" ? await this.create(options) : await this.get(options);
      for (const [name, value] of Object.entries(found)) {
        const field = form.elements.namedItem(name);
        if (field instanceof HTMLInputElement) field.value = text(value);
      }
      // Past our own listener: the fields are filled now.
      form.submit();
    } catch {
      // The reader said no, or the key does not fit; the browser has said which.
      if (failed) failed.textContent = failed.dataset.text ?? "";
    }
  }

  private async create(options: any): Promise<Record<string, ArrayBuffer>> {
    const user = { ...options.user, id: bytes(options.user.id) };
    const publicKey = { ...options, challenge: bytes(options.challenge), user, excludeCredentials: named(options.excludeCredentials) };
    const made = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential;
    const said = made.response as AuthenticatorAttestationResponse;
    return { client_data: said.clientDataJSON, attestation: said.attestationObject };
  }

  private async get(options: any): Promise<Record<string, ArrayBuffer>> {
    const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials: named(options.allowCredentials) };
    const shown = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential;
    const said = shown.response as AuthenticatorAssertionResponse;
    return { credential: shown.rawId, client_data: said.clientDataJSON, data: said.authenticatorData, signature: said.signature };
  }
}

customElements.define("regie-passkey", Passkey);
