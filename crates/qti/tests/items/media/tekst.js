define({ more: "Erbij" });
