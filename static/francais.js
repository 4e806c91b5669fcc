// Streamlit écrit une partie de son interface en anglais et ne permet pas de la traduire : ce script le fait à l'affichage.
(() => {
  const phrases = {
    "Skip to main content": "Aller au contenu principal", "App pages": "Rubriques", "Sidebar": "Panneau latéral",
    "Collapse sidebar": "Fermer le menu", "Expand sidebar": "Ouvrir le menu", "Link to heading": "Lien vers ce titre",
    "Open": "Ouvrir la liste", "Close": "Fermer", "Dismiss": "Fermer", "Clear value": "Effacer", "Clear all": "Tout effacer",
    "Clear entry": "Effacer", "Selected values": "Choix faits", "Selectbox options": "Choix possibles",
    "Multiselect options": "Choix possibles", "Select all": "Tout choisir", "No results": "Aucun résultat",
    "No options to select": "Aucun choix possible", "Choose an option": "Choisir", "Choose options": "Choisir",
    "Choose or add an option": "Choisir ou ajouter", "Choose or add options": "Choisir ou ajouter",
    "Add an option": "Ajouter", "Add options": "Ajouter", "Show suggestions": "Afficher les choix",
    "Press Enter to apply": "Entrée pour valider", "Press Ctrl+Enter to apply": "Ctrl+Entrée pour valider", "Press ⌘+Enter to apply": "⌘+Entrée pour valider", "Invalid input.": "Saisie incorrecte.",
    "Running...": "Mise à jour…", "Connecting": "Connexion…", "CONNECTING": "CONNEXION…", "Please wait...": "Un instant…",
    "Stop": "Arrêter", "Rerun": "Relancer", "Cancel": "Annuler", "Try again": "Réessayer", "Main menu": "Menu",
    "Print": "Imprimer", "Help": "Aide", "Notifications": "Notifications", "Navigate to home page": "Aller à l'accueil",
    "Connection error": "Connexion perdue", "Connection timed out.": "Le serveur ne répond pas.",
    "The page that you have requested does not seem to exist. Running the app's main page.": "Cette page n'existe pas. Voici la première page.",
    "Page not found": "Page introuvable", "Error": "Erreur", "Unknown error": "Erreur inconnue", "Network issue": "Problème de réseau",
    "Is Streamlit still running? If you accidentally stopped Streamlit, just restart it in your terminal:": "L'accueil est arrêté. Prévenez la personne qui l'a installé ; pour le relancer :",
    "Streamlit server is not responding. Are you connected to the internet?": "L'accueil ne répond pas. Vérifiez la connexion au réseau.",
    "Connection lost. Please wait for the app to reconnect, then try again.": "Connexion perdue. Attendez un instant, puis recommencez.",
  };
  const formes = [
    [/^Add: (.*)$/s, "Prendre : $1"],
    [/^Remove (.*)$/s, "Retirer $1"],
    [/^Help for (.*)$/s, "Aide : $1"],
    [/^Fullscreen(: .*)?$/s, "Plein écran$1"],
    [/^Close fullscreen(: .*)?$/s, "Quitter le plein écran$1"],
    [/^(\d+) options? available\.$/, "$1 choix possibles."],
    [/^Select (\d+) matches$/, "Choisir les $1 résultats"],
    [/^(\d+) more$/, "$1 autres"],
    [/^(.*), selected$/s, "$1, choisi"],
    [/^You have requested page (\S+), but no corresponding file was found.*$/s, "La page $1 n'existe pas. Voici la première page."],
  ];
  const attributs = ["aria-label", "title", "placeholder", "aria-valuetext", "aria-roledescription"];

  const traduire = (texte) => {
    const nu = texte.trim();
    if (Object.hasOwn(phrases, nu)) return texte.replace(nu, () => phrases[nu]);
    for (const [forme, francais] of formes) if (forme.test(nu)) return nu.replace(forme, francais);
    return texte;
  };
  const element = (noeud) => {
    for (const nom of attributs) {
      const ancien = noeud.getAttribute(nom);
      const nouveau = ancien && traduire(ancien);
      if (nouveau !== ancien) noeud.setAttribute(nom, nouveau);
    }
  };
  const texte = (noeud) => {
    const autour = noeud.parentElement;
    if (autour?.closest("script, style, textarea, [data-testid=stMarkdownContainer]") && !autour.closest("[role=dialog], [data-testid=stTopNavSection]")) return;
    const nouveau = traduire(noeud.nodeValue);
    if (nouveau !== noeud.nodeValue) noeud.nodeValue = nouveau;
  };
  const parcourir = (racine) => {
    if (racine.nodeType === Node.TEXT_NODE) return texte(racine);
    if (racine.nodeType !== Node.ELEMENT_NODE) return undefined;
    element(racine);
    const suite = document.createTreeWalker(racine, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    while (suite.nextNode()) (suite.currentNode.nodeType === Node.TEXT_NODE ? texte : element)(suite.currentNode);
    return undefined;
  };
  new MutationObserver((changements) => {
    for (const changement of changements) {
      if (changement.type === "attributes") element(changement.target);
      else if (changement.type === "characterData") texte(changement.target);
      else changement.addedNodes.forEach(parcourir);
    }
  }).observe(document.documentElement, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: attributs });
  parcourir(document.documentElement);
})();
