// A portable custom interaction to try frames with: a counter up to a number.
define(["qtiCustomInteractionContext", "./tekst"], (context, words) => {
  context.register({
    typeIdentifier: "nl.voorbeeld.teller",
    getInstance(place, configuration) {
      const { stap, hoogsteStand } = configuration.properties;
      const before = configuration.boundTo[configuration.responseIdentifier].base;
      let count = Number(before?.string ?? 0);
      let touched = before !== null;
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = words.more;
      const shown = document.createElement("output");
      shown.textContent = count;
      button.addEventListener("click", () => {
        count = Math.min(count + Number(stap), Number(hoogsteStand));
        touched = true;
        shown.textContent = count;
      });
      place.append(button, " ", shown);
      configuration.onready({
        getResponse: () => ({ base: touched ? { string: String(count) } : null }),
        getState: () => String(count),
      });
    },
  });
});
