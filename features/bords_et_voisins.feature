# language: fr
Fonctionnalité: Les bords et les voisins des situations courantes
  Décidés d'après le droit et les sources avant d'interroger le guide : la première porte, celles qui restent derrière, celles qui ne viennent jamais.

  @engagement-orientation
  Règle: Une porte réservée ne mène que si la personne en est

    Plan du scénario: La première porte, sans question posée
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est <structure>

      Exemples:
        | personne                                                         | structure            |
        | 35 ans, bénévole, demande faire-le-point                         | m2end                |
        | 45 ans, sans activité, cherche un emploi, demande faire-le-point | france-travail-dreux |
        | 30 ans, bénévole, demande trouver-emploi                         | france-travail-dreux |
        | 50 ans, sans activité, handicap reconnu, demande faire-le-point  | phare-28             |
        | 66 ans, retraité, cherche un emploi, demande trouver-emploi      | france-travail-dreux |
        | 40 ans, salarié, sans handicap, demande maintien-emploi          | medecine-du-travail  |

    Plan du scénario: Une autre porte légitime reste derrière, sans question posée
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors <structure> est aussi proposée

      Exemples:
        | personne                                 | structure           |
        | 28 ans, salarié, demande maintien-emploi | medecine-du-travail |

  @engagement-orientation
  Règle: Le contrat d'engagement jeune, à son âge (L5131-6)

    Plan du scénario: La première porte, pour ce contrat
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est <structure>

      Exemples:
        | personne                                                                              | structure            |
        | 26 ans, sans activité, handicap reconnu, demande contrat-engagement-jeune             | mission-locale-dreux |
        | 22 ans, sans activité, demande contrat-engagement-jeune                               | mission-locale-dreux |
        | 29 ans, demandeur d'emploi, handicap reconnu, demande contrat-engagement-jeune        | mission-locale-dreux |
        | 18 ans, sans activité, suivi par protection-enfance, demande contrat-engagement-jeune | mission-locale-dreux |

    Plan du scénario: Une porte fermée ne vient jamais, pour ce contrat
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors <structure> n'est pas proposée

      Exemples:
        | personne                                 | structure            |
        | 15 ans, demande contrat-engagement-jeune | mission-locale-dreux |

  @engagement-cep-operateurs
  Règle: Un agent public chez son interlocuteur, France Travail quand le contrat est fini

    Plan du scénario: La première porte, pour un agent public
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est <structure>

      Exemples:
        | personne                                                                                | structure            |
        | 33 ans, fonction publique territoriale, position fin-de-contrat, demande trouver-emploi | france-travail-dreux |
        | 25 ans, fonction publique de l'État, demande faire-le-point                             | cmc-ministere        |
        | 45 ans, fonction publique de l'État, position disponibilite, demande faire-le-point     | cmc-ministere        |
        | 45 ans, agent public, salarié, position disponibilite, demande faire-le-point           | avenir-actifs-cvl    |
        | 45 ans, agent public, salarié, position activite, demande faire-le-point                | m2end                |
        | 45 ans, agent public, salarié, non cadre, position disponibilite, demande se-reconvertir | avenir-actifs-cvl   |
        | 40 ans, fonction publique territoriale, catégorie B, demande trouver-emploi             | cdg-28               |

    Plan du scénario: Une autre porte légitime reste derrière, pour un agent public
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors <structure> est aussi proposée

      Exemples:
        | personne                                                                                | structure |
        | 33 ans, fonction publique territoriale, position fin-de-contrat, demande trouver-emploi | cdg-28    |

  @engagement-orientation
  Règle: Être inscrit ne dit pas qui accompagne

    Plan du scénario: La première porte, pour un inscrit ou un bénéficiaire du RSA
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est <structure>

      Exemples:
        | personne                                                                       | structure                |
        | demandeur d'emploi, perçoit le RSA, suivi par personne, demande trouver-emploi | conseil-departemental-28 |
        | 38 ans, perçoit le RSA, difficulté logement, demande vie-quotidienne           | conseil-departemental-28 |
        | 40 ans, demandeur d'emploi, suivi par departement, demande trouver-emploi      | conseil-departemental-28 |
        | 24 ans, demandeur d'emploi, demande trouver-emploi                             | mission-locale-dreux     |
        | 45 ans, demandeur d'emploi, cadre, demande se-reconvertir                      | apec-cvl                 |
        | 24 ans, perçoit le RSA, suivi par mission-locale, demande trouver-emploi       | mission-locale-dreux     |
        | 38 ans, perçoit le RSA, suivi par departement, demande se-loger                | conseil-departemental-28 |

    Plan du scénario: Une autre porte légitime reste derrière, pour un inscrit ou un bénéficiaire du RSA
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors <structure> est aussi proposée

      Exemples:
        | personne                                                                       | structure            |
        | demandeur d'emploi, perçoit le RSA, suivi par personne, demande trouver-emploi | france-travail-dreux |
        | 22 ans, sans activité, perçoit le RSA, demande trouver-emploi                  | mission-locale-dreux |
        | 40 ans, demandeur d'emploi, suivi par departement, demande trouver-emploi      | france-travail-dreux |
        | 24 ans, demandeur d'emploi, demande trouver-emploi                             | france-travail-dreux |
        | 40 ans, demandeur d'emploi, handicap reconnu, demande trouver-emploi           | france-travail-dreux |

  @engagement-orientation
  Règle: Le référent garde ce qu'il décide, et rien d'autre

    Plan du scénario: La première porte, quand un référent suit la personne
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est <structure>

      Exemples:
        | personne                                                                                          | structure            |
        | 40 ans, perçoit le RSA, suivi par departement, scolarisé en France, demande savoirs-de-base       | cria-28              |
        | 23 ans, demandeur d'emploi, suivi par mission-locale, difficulté mobilite, demande trouver-emploi | mission-locale-dreux |
        | 35 ans, demandeur d'emploi, handicap reconnu, suivi par cap-emploi, demande savoirs-de-base       | cria-28              |

    Plan du scénario: Une autre porte légitime reste derrière, quand un référent suit la personne
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors <structure> est aussi proposée

      Exemples:
        | personne                                                           | structure            |
        | 17 ans, sans activité, suivi par pjj, demande raccrocher-formation | mission-locale-dreux |

  @engagement-obligations-legales
  Règle: L'école et l'apprentissage, à leur âge

    Plan du scénario: La première porte, pour un élève ou un jeune qui raccroche
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est <structure>

      Exemples:
        | personne                                                                     | structure            |
        | 30 ans, demandeur d'emploi, secteur artisanat, demande apprentissage         | france-travail-dreux |
        | 17 ans, sans activité, habite Vernouillet, demande raccrocher-formation      | mission-locale-dreux |
        | 15 ans, demande raccrocher-formation                                         | cio-dreux            |
        | 14 ans, élève, demande choisir-orientation-scolaire                          | cio-dreux            |
        | 25 ans, étudiant, bac + 3, habite Dreux, demande se-reorienter-etudes        | cio-dreux            |
        | demande pour son enfant, 14 ans, élève, demande choisir-orientation-scolaire | cio-dreux            |
        | demande pour son enfant, 17 ans, sans activité, demande raccrocher-formation | mission-locale-dreux |
        | 17 ans, encore inscrit dans un établissement, demande raccrocher-formation   | cio-dreux            |
        | 17 ans, plus inscrit dans un établissement, demande raccrocher-formation     | mission-locale-dreux |
        | 14 ans, élève, demande faire-le-point                                        | cio-dreux            |
        | 15 ans, demande apprentissage                                                | cio-dreux            |

    Plan du scénario: Une autre porte légitime reste derrière, pour un élève ou un jeune qui raccroche
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors <structure> est aussi proposée

      Exemples:
        | personne                                                                     | structure            |
        | 30 ans, demandeur d'emploi, secteur artisanat, demande apprentissage         | cma-cvl-28           |
        | 17 ans, sans activité, habite Vernouillet, demande raccrocher-formation      | cio-dreux            |
        | 20 ans, sans activité, sans diplôme, demande raccrocher-formation            | cio-dreux            |
        | 18 ans, apprenti, demande apprentissage                                      | mission-locale-dreux |
        | demande pour son enfant, 17 ans, sans activité, demande raccrocher-formation | cio-dreux            |
        | 17 ans, plus inscrit dans un établissement, demande raccrocher-formation     | cio-dreux            |
        | 15 ans, demande apprentissage                                                | cma-cvl-28           |

    Plan du scénario: Une porte fermée ne vient jamais, pour un élève ou un jeune qui raccroche
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors <structure> n'est pas proposée

      Exemples:
        | personne                             | structure            |
        | 15 ans, demande raccrocher-formation | mission-locale-dreux |
        | 15 ans, demande apprentissage        | mission-locale-dreux |

  @engagement-orientation
  Règle: Le conseil avant le financement et avant la démission

    Plan du scénario: La première porte, pour un actif qui change
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est <structure>

      Exemples:
        | personne                                                                                       | structure            |
        | 34 ans, salarié, demande demissionner-pour-projet                                              | avenir-actifs-cvl    |
        | 34 ans, salarié, cadre, demande demissionner-pour-projet                                       | apec-cvl             |
        | 40 ans, indépendant, demande financer-formation                                                | avenir-actifs-cvl    |
        | 40 ans, demandeur d'emploi, demande financer-formation                                         | france-travail-dreux |
        | 34 ans, salarié, secteur artisanat, demande demissionner-pour-projet, demande creer-entreprise | avenir-actifs-cvl    |
        | 40 ans, salarié, cadre, secteur agriculture, demande faire-le-point                            | apec-cvl             |
        | 40 ans, indépendant, secteur commerce-industrie-services, demande se-reconvertir               | avenir-actifs-cvl    |
        | 22 ans, salarié, demande faire-le-point                                                        | avenir-actifs-cvl    |
        | 30 ans, salarié, contrat cdi, ancienneté moins-24-mois, demande financer-formation             | avenir-actifs-cvl    |
        | 55 ans, demandeur d'emploi, contrat cdd, état du contrat termine, demande financer-formation   | france-travail-dreux |
        | 45 ans, salarié, en arrêt de travail, demande faire-le-point                                   | avenir-actifs-cvl    |

    Plan du scénario: Une autre porte légitime reste derrière, pour un actif qui change
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors <structure> est aussi proposée

      Exemples:
        | personne                                                                                             | structure           |
        | 34 ans, salarié, demande demissionner-pour-projet                                                    | transitions-pro-cvl |
        | 34 ans, salarié, cadre, demande demissionner-pour-projet                                             | transitions-pro-cvl |
        | 34 ans, salarié, secteur artisanat, demande demissionner-pour-projet, demande creer-entreprise       | transitions-pro-cvl |
        | 34 ans, salarié, secteur artisanat, demande demissionner-pour-projet, demande creer-entreprise       | cma-cvl-28          |
        | 35 ans, salarié, demande financer-formation, demande se-reconvertir                                  | avenir-actifs-cvl   |
        | 40 ans, salarié, cadre, secteur agriculture, demande faire-le-point                                  | apecita-cvl         |
        | 30 ans, salarié, contrat cdi, ancienneté moins-24-mois, handicap reconnu, demande financer-formation | transitions-pro-cvl |
        | 35 ans, salarié, contrat intermittent, demande se-reconvertir                                        | transitions-pro-cvl |
        | 50 ans, salarié, état du contrat licenciement-inaptitude, demande trouver-emploi                     | phare-28            |
        | 45 ans, salarié, en arrêt de travail, demande maintien-emploi                                        | medecine-du-travail |

    Plan du scénario: Une porte fermée ne vient jamais, pour un actif qui change
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors <structure> n'est pas proposée

      Exemples:
        | personne                                              | structure           |
        | 40 ans, indépendant, demande financer-formation       | transitions-pro-cvl |
        | 40 ans, indépendant, demande demissionner-pour-projet | transitions-pro-cvl |

  @engagement-orientation
  Règle: L'information jeunesse aux jeunes, la chambre au projet de son secteur

    Plan du scénario: La première porte, selon l'âge ou le secteur
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est <structure>

      Exemples:
        | personne                                                                  | structure              |
        | 19 ans, demande vie-quotidienne                                           | bij-dreux              |
        | 21 ans, demande mobilite-internationale                                   | bij-dreux              |
        | 35 ans, demandeur d'emploi, secteur agriculture, demande creer-entreprise | chambre-agriculture-28 |
        | 20 ans, étudiant, demande job-etudiant                                    | bij-dreux              |

    Plan du scénario: Une autre porte légitime reste derrière, selon l'âge ou le secteur
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors <structure> est aussi proposée

      Exemples:
        | personne                                                                  | structure |
        | 35 ans, demandeur d'emploi, secteur agriculture, demande creer-entreprise | bge-28    |

  @engagement-analyse
  Règle: Une difficulté dite ouvre une porte, la première ne change pas

    Plan du scénario: La première porte, quand une difficulté est dite
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est <structure>

      Exemples:
        | personne                                                                     | structure            |
        | 23 ans, demandeur d'emploi, difficulté logement, demande trouver-emploi      | mission-locale-dreux |
        | 40 ans, demandeur d'emploi, difficulté numerique, demande trouver-emploi     | france-travail-dreux |
        | 35 ans, demandeur d'emploi, difficulté francais, demande trouver-emploi      | france-travail-dreux |
        | 35 ans, demandeur d'emploi, difficulté garde-enfants, demande trouver-emploi | france-travail-dreux |
        | 40 ans, salarié, difficulté sante, demande faire-le-point                    | avenir-actifs-cvl    |
        | 28 ans, sort de détention, demande trouver-emploi                            | france-travail-dreux |
        | 22 ans, sort de détention, demande trouver-emploi                            | mission-locale-dreux |
        | 36 ans, demandeur d'emploi, diplôme étranger, demande trouver-emploi         | france-travail-dreux |
        | 23 ans, salarié, difficulté logement, demande trouver-emploi                 | mission-locale-dreux |

    Plan du scénario: Une autre porte légitime reste derrière, quand une difficulté est dite
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors <structure> est aussi proposée

      Exemples:
        | personne                                                                | structure            |
        | 35 ans, demandeur d'emploi, difficulté francais, demande trouver-emploi | cria-28              |
        | 22 ans, salarié, difficulté logement, demande vie-quotidienne           | mission-locale-dreux |
        | 28 ans, sort de détention, demande trouver-emploi                       | spip-28              |
        | 36 ans, demandeur d'emploi, diplôme étranger, demande trouver-emploi    | enic-naric           |

  @engagement-orientation
  Règle: D'autres visiteurs d'une semaine ordinaire

    Plan du scénario: La première porte, au fil des visites
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors la première structure est <structure>

      Exemples:
        | personne                                                        | structure            |
        | 17 ans, demande trouver-emploi                                  | mission-locale-dreux |
        | 19 ans, sans activité, sans diplôme, demande trouver-emploi     | mission-locale-dreux |
        | 29 ans, non scolarisé en France, demande apprendre-francais     | cria-28              |
        | 36 ans, demandeur d'emploi, bac + 5, demande trouver-emploi     | france-travail-dreux |
        | 47 ans, salarié, handicap reconnu, demande maintien-emploi      | phare-28             |
        | 25 ans, demandeur d'emploi, habite Anet, demande trouver-emploi | mission-locale-dreux |
        | 33 ans, demandeur d'emploi, demande trouver-emploi              | france-travail-dreux |
        | demande information-generale                                    | m2end                |
        | 40 ans, salarié, demande savoirs-de-base                        | cria-28              |
        | 40 ans, demandeur d'emploi, demande reconnaitre-handicap        | mda-28               |

    Plan du scénario: Une autre porte légitime reste derrière, au fil des visites
      Étant donné la personne : <personne>
      Quand l'agent demande vers qui l'orienter
      Alors <structure> est aussi proposée

      Exemples:
        | personne                                                        | structure            |
        | 47 ans, salarié, handicap reconnu, demande maintien-emploi      | medecine-du-travail  |
        | 25 ans, demandeur d'emploi, habite Anet, demande trouver-emploi | france-travail-dreux |
        | 35 ans, salarié, secteur artisanat, demande creer-entreprise    | bge-28               |
