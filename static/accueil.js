// Ce que Streamlit ne fait pas : adresse, bureau mémorisé, copie du lien, annonces aux lecteurs d'écran.
(() => {
  // Une seule entrée d'historique par page, fiche ou règle : chaque réponse change l'adresse, « Précédent » doit changer d'écran.
  const ajouter = history.pushState.bind(history);
  const remplacer = history.replaceState.bind(history);
  const ecran = (adresse) => [adresse.pathname, adresse.searchParams.get("structure"), adresse.searchParams.get("regle"), adresse.searchParams.get("version")].join();
  history.pushState = (etat, titre, adresse) => {
    const memeEcran = ecran(new URL(adresse ?? location.href, location.href)) === ecran(new URL(location.href));
    (memeEcran ? remplacer : ajouter)(etat, titre, adresse);
    retenirLeBureau();
  };

  // Échap referme une liste ; sans cela, Streamlit efface la réponse choisie.
  document.addEventListener("keydown", (evenement) => {
    const champ = evenement.target;
    if (evenement.key !== "Escape" || champ.getAttribute?.("role") !== "combobox") return;
    evenement.stopImmediatePropagation();
    if (champ.getAttribute("aria-expanded") === "true") {
      champ.blur();
      champ.focus();
    }
  }, true);

  // Le bureau choisi reste connu de ce navigateur pendant un an ; « bureau= » l'oublie.
  const retenirLeBureau = () => {
    const bureau = new URLSearchParams(location.search).get("bureau");
    if (bureau === null) return;
    const duree = bureau ? 31536000 : 0;
    const sur = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `bureau=${encodeURIComponent(bureau)}; path=/; max-age=${duree}; SameSite=Lax${sur}`;
  };
  retenirLeBureau();

  // Copier le lien de la situation.
  const copier = async (lien) => {
    try {
      await navigator.clipboard.writeText(lien);
    } catch {
      const champ = Object.assign(document.createElement("textarea"), { value: lien });
      document.body.append(champ);
      champ.select();
      document.execCommand("copy"); // hors HTTPS, le presse-papiers n'est pas offert autrement
      champ.remove();
    }
  };
  document.addEventListener("click", (evenement) => {
    if (evenement.target.closest(".st-key-copier button")) copier(location.href);
    const texte = evenement.target.closest("button")?.closest('[class*="st-key-copier-texte-"]')?.querySelector("textarea");
    if (texte) copier(texte.value);
  }, true);

  // Annoncer la nouvelle réponse, et repartir du haut sur un nouvel écran.
  const annonce = Object.assign(document.createElement("div"), { className: "annonce", role: "status" });
  document.body.append(annonce);
  let vu = ecran(new URL(location.href));
  let reponse = "";
  const suivre = () => {
    const titre = document.querySelector(".st-key-reponse h3")?.textContent ?? "";
    if (titre && titre !== reponse) annonce.textContent = `Orientez d'abord vers : ${titre}`;
    reponse = titre || reponse;
    const tete = document.querySelector("[data-testid=stMain] h1");
    const ici = ecran(new URL(location.href));
    if (ici !== vu && tete) {
      vu = ici;
      tete.tabIndex = -1;
      tete.focus({ preventScroll: true });
      document.querySelector("[data-testid=stMain]").scrollTo(0, 0);
    }
    document.querySelectorAll("span[data-tag]:not([role])").forEach((choix) => choix.setAttribute("role", "group"));
    document.querySelectorAll('[class*="st-key-age-"] input:not([inputmode])').forEach((champ) => champ.setAttribute("inputmode", "numeric"));
  };
  new MutationObserver(suivre).observe(document.body, { subtree: true, childList: true, characterData: true });
})();
